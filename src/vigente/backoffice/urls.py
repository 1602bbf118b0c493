"""Addresses of the back office."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from vigente.backoffice.alterations import calculator, history, report
from vigente.backoffice.alterations import deeds as alteration_deeds
from vigente.backoffice.alterations import views as alterations
from vigente.backoffice.banks import accounts as bank_accounts
from vigente.backoffice.banks import boletos as bank_boletos
from vigente.backoffice.banks import remittances, returns
from vigente.backoffice.contracts import address_views as addresses
from vigente.backoffice.contracts import document_views as documents
from vigente.backoffice.contracts import holder_views as holders
from vigente.backoffice.contracts import issuing_views as issuing
from vigente.backoffice.contracts import item_views as contract_items
from vigente.backoffice.contracts import move_views as moves
from vigente.backoffice.contracts import note_views as notes
from vigente.backoffice.contracts import sale_views as sales
from vigente.backoffice.contracts import signature_deeds as signatures
from vigente.backoffice.contracts import terms_forms as contract_terms
from vigente.backoffice.contracts import views as contracts
from vigente.backoffice.credits import deeds as credit_deeds
from vigente.backoffice.credits import views as customer_credits
from vigente.backoffice.customers import deeds as customer_deeds
from vigente.backoffice.customers import views as customers
from vigente.backoffice.daily import deeds as daily_deeds
from vigente.backoffice.daily import views as daily
from vigente.backoffice.desks import deeds as desk_deeds
from vigente.backoffice.desks import views as desks
from vigente.backoffice.effects import deeds as effect_deeds
from vigente.backoffice.effects import views as effects
from vigente.backoffice.importing import views as importing
from vigente.backoffice.invoices import deeds as invoice_deeds
from vigente.backoffice.invoices import one_off_sale
from vigente.backoffice.invoices import views as invoices
from vigente.backoffice.mass_alteration import views as mass_alteration
from vigente.backoffice.month_close import views as month_close
from vigente.backoffice.parameters import views as parameters
from vigente.backoffice.receipts import deeds as receipt_deeds
from vigente.backoffice.receivables import deeds as receivable_deeds
from vigente.backoffice.receivables import postponing
from vigente.backoffice.receivables import views as receivables
from vigente.backoffice.registers import template_preview
from vigente.backoffice.registers import views as registers
from vigente.backoffice.registers.all_pages import PAGES
from vigente.backoffice.scope import open_to_staff
from vigente.backoffice.search import views as search
from vigente.backoffice.sign_in.addresses import ADDRESSES as SIGN_IN
from vigente.backoffice.signatures import views as asked_signatures
from vigente.backoffice.statements import views as statements
from vigente.backoffice.trail import views as trail

home = open_to_staff(RedirectView.as_view(pattern_name="contracts"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    *SIGN_IN,
    path("busca/", search.search, name="search"),
    path("contratos/", contracts.contract_list, name="contracts"),
    path("contratos/novo/", sales.new_contract, name="contract-new"),
    path("contratos/<int:contract_id>/", contracts.contract, name="contract"),
    path("contratos/<int:contract_id>/documentos/emitir/", issuing.issue, name="document-issue"),
    path(
        "contratos/<int:contract_id>/documentos/emitidos/<int:document_id>/",
        issuing.take,
        name="document-issued",
    ),
    path(
        "contratos/<int:contract_id>/documentos/emitidos/<int:document_id>/assinatura/",
        signatures.ask,
        name="signature-ask",
    ),
    path(
        "contratos/<int:contract_id>/documentos/emitidos/<int:document_id>/assinatura/cancelar/",
        signatures.cancel,
        name="signature-cancel",
    ),
    path(
        "contratos/<int:contract_id>/documentos/emitidos/<int:document_id>/assinado/",
        signatures.take,
        name="document-signed",
    ),
    path("contratos/<int:contract_id>/documentos/novo/", documents.attach, name="document-attach"),
    path(
        "contratos/<int:contract_id>/documentos/<int:attachment_id>/",
        documents.take,
        name="document-take",
    ),
    path(
        "contratos/<int:contract_id>/documentos/<int:attachment_id>/remover/",
        documents.remove,
        name="document-remove",
    ),
    path("contratos/<int:contract_id>/alterar/", contract_terms.change, name="contract-change"),
    path("contratos/<int:contract_id>/alteracao/", alterations.begin, name="alteration-begin"),
    path("contratos/<int:contract_id>/ativar/", moves.activate, name="contract-activate"),
    path("contratos/<int:contract_id>/desistir/", moves.withdraw, name="contract-withdraw"),
    path("contratos/<int:contract_id>/cancelar/", moves.terminate, name="contract-terminate"),
    path("contratos/<int:contract_id>/reativar/", moves.reactivate, name="contract-reactivate"),
    path("contratos/<int:contract_id>/endereco/", addresses.change, name="contract-address"),
    path("contratos/<int:contract_id>/anotacoes/nova/", notes.add, name="note-new"),
    path("contratos/<int:contract_id>/titular/", holders.change, name="contract-holder"),
    path("contratos/<int:contract_id>/venda-avulsa/", one_off_sale.sell, name="one-off-sale"),
    path(
        "contratos/<int:contract_id>/servicos/novo/", contract_items.new_service, name="service-new"
    ),
    path(
        "contratos/<int:contract_id>/descontos/novo/",
        contract_items.new_discount,
        name="discount-new",
    ),
    path(
        "contratos/<int:contract_id>/itens/<int:item_id>/encerrar/",
        contract_items.end_item,
        name="item-end",
    ),
    path("alteracoes/", history.alteration_list, name="alterations"),
    path("relatorios/alteracoes/", report.alteration_report, name="alteration-report"),
    path("calculadora-de-alteracao/", calculator.calculator, name="alteration-calculator"),
    path("alteracoes/<int:alteration_id>/", alterations.alteration, name="alteration"),
    path(
        "alteracoes/<int:alteration_id>/configuracoes/",
        alterations.settings,
        name="alteration-settings",
    ),
    path("alteracoes/<int:alteration_id>/contrato/", alterations.terms, name="alteration-terms"),
    path(
        "alteracoes/<int:alteration_id>/conclusao/",
        alterations.conclude,
        name="alteration-conclude",
    ),
    path(
        "alteracoes/<int:alteration_id>/documento/",
        alteration_deeds.print_out,
        name="alteration-print",
    ),
    path("alteracoes/<int:alteration_id>/desfazer/", alteration_deeds.undo, name="alteration-undo"),
    path(
        "alteracoes/<int:alteration_id>/descartar/", alteration_deeds.drop, name="alteration-drop"
    ),
    path("clientes/<int:customer_id>/", customers.customer, name="customer"),
    path(
        "clientes/<int:customer_id>/inativar/",
        customer_deeds.inactivate,
        name="customer-inactivate",
    ),
    path(
        "clientes/<int:customer_id>/reativar/",
        customer_deeds.reactivate,
        name="customer-reactivate",
    ),
    path("modelos-de-documento/previa/", template_preview.show, name="document-template-preview"),
    *(address for page in PAGES for address in registers.addresses(page)),
    path("fechamento/", month_close.start, name="month-close"),
    path("fechamento/<int:run_id>/", month_close.run, name="month-close-run"),
    path("fechamento/<int:run_id>/executar/", month_close.execute, name="month-close-execute"),
    path("fechamento/<int:run_id>/pausar/", month_close.pause, name="month-close-pause"),
    path("fechamento/<int:run_id>/descartar/", month_close.discard, name="month-close-discard"),
    path("fechamento/<int:run_id>/retidos/", month_close.holds, name="month-close-holds"),
    path("assinaturas/", asked_signatures.signature_list, name="signatures"),
    path(
        "assinaturas/<int:signature_id>/resolver/",
        asked_signatures.deal_with,
        name="signature-dealt-with",
    ),
    path("alteracoes/em-massa/", mass_alteration.start, name="mass-alterations"),
    path("alteracoes/em-massa/<int:mass_id>/", mass_alteration.run, name="mass-alteration-run"),
    path(
        "alteracoes/em-massa/<int:mass_id>/executar/",
        mass_alteration.execute,
        name="mass-alteration-execute",
    ),
    path(
        "alteracoes/em-massa/<int:mass_id>/pausar/",
        mass_alteration.pause,
        name="mass-alteration-pause",
    ),
    path(
        "alteracoes/em-massa/<int:mass_id>/retomar/",
        mass_alteration.resume,
        name="mass-alteration-resume",
    ),
    path(
        "alteracoes/em-massa/<int:mass_id>/descartar/",
        mass_alteration.discard,
        name="mass-alteration-discard",
    ),
    path(
        "alteracoes/em-massa/<int:mass_id>/nao-alterados/",
        mass_alteration.skips,
        name="mass-alteration-skips",
    ),
    path(
        "clientes/<int:customer_id>/lembretes/parar/",
        customer_deeds.stop_reminders,
        name="customer-reminders-stop",
    ),
    path(
        "clientes/<int:customer_id>/lembretes/voltar/",
        customer_deeds.resume_reminders,
        name="customer-reminders-resume",
    ),
    path(
        "clientes/<int:customer_id>/detalhamento/",
        statements.of_customer,
        name="customer-statement",
    ),
    path(
        "contratos/<int:contract_id>/detalhamento/",
        statements.of_contract,
        name="contract-statement",
    ),
    path("contas-a-receber/", receivables.receivable_list, name="receivables"),
    path("contas-a-receber/prorrogar/", postponing.postpone, name="receivables-postpone"),
    path("contas-a-receber/<int:receivable_id>/", receivables.receivable, name="receivable"),
    path(
        "contas-a-receber/<int:receivable_id>/receber/",
        receivable_deeds.receive,
        name="receivable-receive",
    ),
    path(
        "contas-a-receber/<int:receivable_id>/usar-credito/",
        receivable_deeds.use_credit,
        name="receivable-credit",
    ),
    path(
        "contas-a-receber/<int:receivable_id>/dispensar/",
        receivable_deeds.waive,
        name="receivable-waive",
    ),
    path(
        "contas-a-receber/<int:receivable_id>/segunda-via/",
        receivables.receivable_copy,
        name="receivable-copy",
    ),
    path("contas-a-receber/<int:receivable_id>/boleto/", bank_boletos.issue, name="boleto-issue"),
    path(
        "contas-a-receber/<int:receivable_id>/boleto/imprimir/",
        bank_boletos.slip,
        name="boleto-slip",
    ),
    path("clientes/<int:customer_id>/carne/", bank_boletos.booklet, name="customer-booklet"),
    path("carteiras/<int:wallet_id>/banco/", bank_accounts.account, name="wallet-bank"),
    path("remessas/", remittances.remittance_list, name="remittances"),
    path("remessas/<int:remittance_id>/arquivo/", remittances.take, name="remittance-take"),
    path("retornos/", returns.return_list, name="returns"),
    path("retornos/<int:return_id>/", returns.show, name="return"),
    path("retornos/<int:return_id>/ler-o-resto/", returns.take_the_rest, name="return-take-rest"),
    path(
        "retornos/pagamentos/<int:record_id>/credito/",
        returns.give_to_customer,
        name="bank-record-credit",
    ),
    path(
        "retornos/pagamentos/<int:record_id>/dispensar/",
        returns.dismiss,
        name="bank-record-dismiss",
    ),
    path("faturas/", invoices.invoice_list, name="invoices"),
    path("faturas/<int:invoice_id>/", invoices.invoice, name="invoice"),
    path("faturas/<int:invoice_id>/cancelar/", invoice_deeds.cancel, name="invoice-cancel"),
    path("faturas/<int:invoice_id>/segunda-via/", invoices.invoice_copy, name="invoice-copy"),
    path(
        "recebimentos/<int:receipt_id>/estornar/",
        receipt_deeds.reverse_receipt,
        name="receipt-reverse",
    ),
    path("creditos/", customer_credits.credit_list, name="credits"),
    path("creditos/<int:customer_id>/", customer_credits.customer_credit, name="customer-credit"),
    path("creditos/<int:customer_id>/devolver/", credit_deeds.refund, name="credit-refund"),
    path("devolucoes/<int:refund_id>/desfazer/", credit_deeds.undo, name="refund-undo"),
    path("caixas/", desks.desk_list, name="cash-desks"),
    path("caixas/abrir/", desk_deeds.open_desk, name="cash-desk-open"),
    path("caixas/<int:desk_id>/", desks.desk, name="cash-desk"),
    path("caixas/<int:desk_id>/suprimento/", desk_deeds.supply, name="cash-desk-supply"),
    path("caixas/<int:desk_id>/sangria/", desk_deeds.withdraw, name="cash-desk-withdraw"),
    path("caixas/<int:desk_id>/fechar/", desk_deeds.close, name="cash-desk-close"),
    path("caixas/<int:desk_id>/reabrir/", desk_deeds.reopen, name="cash-desk-reopen"),
    path("caixas/<int:desk_id>/relatorio/", desks.report, name="cash-desk-report"),
    path("parametros/", parameters.parameters, name="parameters"),
    path("parametros/sistema/", parameters.of_system, name="parameters-system"),
    path("parametros/filial/<int:branch_id>/", parameters.of_branch, name="parameters-branch"),
    path("parametros/plano/<int:plan_id>/", parameters.of_plan, name="parameters-plan"),
    path(
        "parametros/contrato/<int:contract_id>/",
        parameters.of_contract,
        name="parameters-contract",
    ),
    path("importacao/", importing.start, name="imports"),
    path("importacao/<int:import_id>/", importing.show, name="import"),
    path("importacao/<int:import_id>/colunas/", importing.choose, name="import-columns"),
    path("importacao/<int:import_id>/importar/", importing.execute, name="import-execute"),
    path("importacao/<int:import_id>/descartar/", importing.discard, name="import-discard"),
    path("importacao/<int:import_id>/corrigir/", importing.bad_rows, name="import-bad-rows"),
    path("agendamentos/", daily.day_list, name="daily"),
    path("agendamentos/<int:daily_run_id>/resolver/", daily_deeds.deal_with, name="daily-deal"),
    path("envios/", effects.effect_list, name="effects"),
    path("envios/<int:effect_id>/", effects.effect, name="effect"),
    path("envios/<int:effect_id>/repetir/", effect_deeds.retry, name="effect-retry"),
    path("envios/<int:effect_id>/descartar/", effect_deeds.discard, name="effect-discard"),
    path("trilha/", trail.trail, name="trail"),
]
