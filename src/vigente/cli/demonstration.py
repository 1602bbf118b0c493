"""The demonstration provider as spreadsheets: made up, the same for the same day.

Nobody here exists. CPFs begin with 000 and CNPJs with 00, their check digits are right; e-mails
end in `example.com`, telephones begin with 5550.
"""

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from vigente.documents import ready_made
from vigente.domain import money
from vigente.domain.cycles import months_after
from vigente.domain.schedule import last_due_day

CUSTOMERS = 2_000
MONTHS_BACK = 4
SEED = 20250713

FIRST_NAMES = (
    "Marina",
    "Joaquim",
    "Edilene",
    "Tarcísio",
    "Lavínia",
    "Benedito",
    "Odete",
    "Rogério",
    "Yasmin",
    "Hélio",
    "Sebastiana",
    "Vicente",
    "Noemi",
    "Caio",
    "Renata",
    "Aurora",
    "Firmino",
    "Celeste",
    "Anselmo",
    "Iracema",
    "Otávio",
    "Jandira",
    "Ubirajara",
    "Zilda",
    "Leônidas",
    "Açucena",
    "Dário",
    "Eulália",
    "Florêncio",
    "Graça",
)
LAST_NAMES = (
    "Teixeira",
    "Furtado",
    "Sampaio",
    "Quaresma",
    "Damasceno",
    "Salgueiro",
    "Vilhena",
    "Amaral",
    "Torquato",
    "Nogueira",
    "Coutinho",
    "Paranhos",
    "Castanho",
    "Bastos",
    "Lobo",
    "Peçanha",
    "Brandão",
    "Siqueira",
    "Assunção",
    "Camargo",
    "Fontes",
    "Meireles",
    "Valadares",
    "Prado",
    "Conceição",
    "Araújo",
    "Portela",
    "Resende",
    "Galvão",
    "Bittencourt",
)
COMPANIES = (
    "Padaria Trigo Dourado",
    "Auto Center Três Irmãos",
    "Clínica Passo Firme",
    "Mercearia Boa Colheita",
    "Estúdio Lume",
    "Escola Pequeno Cedro",
    "Condomínio Vila das Acácias",
    "Farmácia Raiz",
    "Oficina Bom Jeito",
)
STREETS = "das Quaresmeiras;do Ipê Amarelo;da Serra Clara;das Andorinhas;do Rio Manso;da Lapa"
DISTRICTS = "Jardim Alvorada;Centro;Vila Nova;Bela Vista;Alto da Serra"
BRANCHES = (
    ("MATRIZ", "Matriz · Serra Clara", "Serra Clara", "MG"),
    ("VALE", "Vale Sereno", "Vale Sereno", "SP"),
    ("LITORAL", "Litoral · Porto Manso", "Porto Manso", "BA"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A sale plan of the demonstration: code, name, billing type and its priced products."""

    code: str
    name: str
    billing_type: str
    items: tuple[tuple[str, str, int], ...]
    tier: int
    weight: int
    loyalty: int = 12


def _internet(code: str, mega: int, total_cents: int, **more: int) -> Offer:
    """Return a fibre plan split into SCM, SVA and the rental of the ONU."""
    rental, sva = 2000, total_cents * 26 // 100
    items = (
        (f"INT{mega}", f"Internet fibra {mega} Mega", total_cents - sva - rental),
        ("SVA", "Banca digital e antivírus", sva),
        ("ONU", "Locação da ONU", rental),
    )
    return Offer(code, f"Fibra {mega} Mega", "Pós-pago mensal", items, mega, **more)


OFFERS = (
    Offer(
        "F200", "Fibra 200 Mega", "Pós-pago mensal", (("INT200", "Fibra 200 Mega", 4990),), 200, 25
    ),
    Offer(
        "F600", "Fibra 600 Mega", "Pós-pago mensal", (("INT600", "Fibra 600 Mega", 8990),), 600, 20
    ),
    _internet("F400", 400, 9990, weight=20),
    Offer(
        "F400TV",
        "Fibra 400 Mega + TV",
        "Pós-pago mensal",
        (("INT400", "Internet fibra 400 Mega", 8990), ("TV60", "TV 60 canais", 4990)),
        400,
        8,
    ),
    Offer(
        "R20", "Rádio 20 Mega Rural", "Pré-pago mensal", (("INT20", "Rádio 20 Mega", 8990),), 20, 6
    ),
    Offer(
        "E600",
        "Fibra 600 Empresa",
        "Pós-pago calendário",
        (("INT600", "Fibra 600 Empresa", 24990),),
        610,
        6,
    ),
    Offer(
        "DED",
        "Link dedicado 1 Giga",
        "Pós-pago aniversário",
        (("INT1000", "Link dedicado", 189000),),
        999,
        2,
    ),
    Offer(
        "FONE",
        "Telefone fixo",
        "Pós-pago mensal 2ª proporcional",
        (("FONE", "Franquia de 500 min", 3990),),
        1,
        3,
    ),
    Offer(
        "BIM",
        "Fibra 200 Bimestral",
        "Pós-pago bimestral",
        (("INT200", "Fibra 200 Mega", 4890),),
        200,
        2,
    ),
    Offer(
        "TRI",
        "Fibra 200 Trimestral",
        "Pré-pago trimestral",
        (("INT200", "Fibra 200 Mega", 4790),),
        200,
        2,
    ),
    Offer(
        "SEM",
        "Fibra 400 Semestral",
        "Pré-pago semestral",
        (("INT400", "Fibra 400 Mega", 8490),),
        400,
        1,
    ),
    Offer(
        "ANO", "Fibra 600 Anual", "Pré-pago anual", (("INT600", "Fibra 600 Mega", 7990),), 600, 1
    ),
    Offer("SEMANA", "Wi-Fi praça semanal", "Pré-pago 7 dias", (("HOT", "Hotspot", 3900),), 5, 1),
    Offer(
        "D30",
        "Fibra 200 a cada 30 dias",
        "Pós-pago 30 dias",
        (("INT200", "Fibra 200 Mega", 5990),),
        200,
        2,
    ),
    Offer(
        "SVA",
        "Clube de vantagens",
        "Pré-pago aniversário",
        (("SVA", "Clube de vantagens", 1990),),
        0,
        2,
    ),
    Offer(
        "EVENTO",
        "Link para eventos",
        "Datas combinadas",
        (("INT400", "Link para eventos", 29900),),
        400,
        1,
    ),
)

TYPES = (
    ("Pós-pago mensal", "pós", "vencimento", 1, "meses", "Dia fixo", "primeira", "dias reais"),
    (
        "Pós-pago mensal 2ª proporcional",
        "pós",
        "vencimento",
        1,
        "meses",
        "Dia fixo",
        "segunda",
        "dias reais",
    ),
    ("Pré-pago mensal", "pré", "vencimento", 1, "meses", "Dia fixo", "nunca", "dias reais"),
    ("Pós-pago calendário", "pós", "calendário", 1, "meses", "Dia fixo", "primeira", "30 dias"),
    (
        "Pós-pago aniversário",
        "pós",
        "aniversário",
        1,
        "meses",
        "Dia fixo",
        "primeira",
        "dias reais",
    ),
    ("Pré-pago aniversário", "pré", "aniversário", 1, "meses", "15 dias", "primeira", "dias reais"),
    ("Pós-pago bimestral", "pós", "vencimento", 2, "meses", "Dia fixo", "primeira", "dias reais"),
    ("Pré-pago trimestral", "pré", "vencimento", 3, "meses", "Dia fixo", "primeira", "dias reais"),
    ("Pré-pago semestral", "pré", "calendário", 6, "meses", "Dia fixo", "primeira", "dias reais"),
    ("Pré-pago anual", "pré", "vencimento", 12, "meses", "Dia fixo", "primeira", "dias reais"),
    ("Pré-pago 7 dias", "pré", "vencimento", 7, "dias", "Dia fixo", "primeira", "dias reais"),
    ("Pós-pago 30 dias", "pós", "vencimento", 30, "dias", "Dia fixo", "primeira", "dias reais"),
    (
        "Datas combinadas",
        "pós",
        "vencimento",
        1,
        "meses",
        "Datas combinadas",
        "primeira",
        "dias reais",
    ),
)

PRODUCTS = (
    *(
        (f"INT{m}", f"Internet {m} Mega", "internet", "SCM", m * 1000, m * 500)
        for m in (20, 200, 400, 600, 1000)
    ),
    ("HOT", "Hotspot semanal", "internet", "SCM", 5000, 2000),
    ("TV60", "TV 60 canais", "tv", "SEAC", "", ""),
    ("FONE", "Telefone fixo", "telefonia", "STFC", "", ""),
    ("SVA", "Serviço de valor adicionado", "sva", "SVA", "", ""),
    ("ONU", "Locação de ONU", "locação", "locação", "", ""),
    ("MESH", "Ponto adicional Wi-Fi mesh", "serviço", "SVA", "", ""),
    ("TURBO", "Upgrade temporário de velocidade", "internet", "SCM", "", ""),
    ("PREMIUM", "Suporte premium", "serviço", "ISS", "", ""),
    ("DESC", "Desconto", "serviço", "nenhuma", "", ""),
    ("TAXA", "Taxa de ativação", "taxa", "ISS", "", ""),
)


@dataclass(frozen=True, slots=True)
class Extra:
    """What some contracts have besides their plan: a row of the services sheet, and how often."""

    weight: int
    row: tuple[object, ...] = ()


EXTRAS = (
    Extra(27),
    Extra(
        4,
        (
            "serviço",
            "MESH",
            "Ponto adicional Wi-Fi mesh",
            "12,84",
            "",
            "",
            "",
            "activation",
            "",
            "",
        ),
    ),
    Extra(1, ("serviço", "TURBO", "Turbo de fim de ano", "30,00", "", "", "", "soon", "later", "")),
    Extra(
        1, ("serviço", "PREMIUM", "Roteador parcelado", "29,90", "", 10, 3, "activation", "", "")
    ),
    Extra(1, ("serviço", "PREMIUM", "Visita técnica", "80,00", "", 1, 0, "since", "", "")),
    Extra(
        3,
        (
            "desconto",
            "DESC",
            "Desconto Indique um amigo",
            "10,00",
            "",
            "",
            "",
            "activation",
            "",
            "",
        ),
    ),
    Extra(1, ("desconto", "DESC", "Promoção de boas-vindas", "", "20", 3, 1, "activation", "", "")),
    Extra(2, ("desconto", "DESC", "Pontualidade", "5,00", "", "", "", "activation", "", "sim")),
)


TEMPLATES = (
    (
        "Adesão residencial",
        "contrato",
        ready_made.BY_CODE["contrato"].body,
    ),
    (
        "Adesão empresarial",
        "contrato",
        """CONTRATO EMPRESARIAL Nº {{ contrato.codigo }}

Entre Provedor Serra Clara, empresa fictícia desta demonstração, e {{ cliente.nome }}, inscrita sob o nº {{ cliente.documento }}, ajusta-se a prestação dos serviços do plano {{ plano.nome }}, por {{ valor_mensal }} ao mês, em {{ endereco }}.""",
    ),
    (
        "Termo de alteração",
        "termo",
        ready_made.BY_CODE["termo"].body,
    ),
)


def write(folder: Path, *, today: date, customers: int = CUSTOMERS) -> list[tuple[str, Path]]:
    """Write the provider's spreadsheets; return them with their kind, in order of import."""
    folder.mkdir(parents=True, exist_ok=True)
    maker = _Provider(random.Random(SEED), today, customers)  # noqa: S311  made-up people, not secrets
    sheets = {
        "filiais": (("código", "nome", "cidade", "uf"), BRANCHES),
        "feriados": (("filial", "data", "nome"), maker.holidays()),
        "vendedores": (("filial", "nome"), maker.sellers()),
        "carteiras": (
            ("nome", "filial", "multa", "juros"),
            [(f"Carteira {code}", code, "2,00", "1,00") for code, *_ in BRANCHES],
        ),
        "condicoes": (("nome", "tipo de vencimento", "dias", "datas"), maker.terms()),
        "tipos": (
            (
                *("nome", "pagamento", "base", "periodicidade", "unidade"),
                *("condição de pagamento", "proporcional na", "divisor"),
            ),
            TYPES,
        ),
        "modelos": (("nome", "tipo", "texto"), TEMPLATES),
        "produtos": (
            ("código", "nome", "tipo", "tributação", "download", "upload"),
            PRODUCTS,
        ),
        "planos": (
            (
                *("código", "nome", "tipo de cobrança", "produto", "descrição", "valor mensal"),
                *("valor por ciclo", "nível", "fidelidade (meses)", "benefício da fidelidade"),
                *("taxa de ativação", "parcelas da taxa", "produto da taxa", "modelo"),
            ),
            list(maker.plans()),
        ),
        "clientes": (
            (
                *("código", "CPF/CNPJ", "nome", "filial", "telefone", "e-mail"),
                *("endereço", "número", "bairro", "cidade", "UF", "CEP"),
            ),
            maker.customers(),
        ),
        "contratos": (
            (
                *("código", "CPF/CNPJ do cliente", "filial", "plano", "carteira"),
                *("dia de vencimento", "status", "assinatura", "ativação", "faturado até"),
                *("início da fidelidade", "vigência até", "vendedor"),
            ),
            maker.contracts(),
        ),
        "servicos": (
            (
                *("contrato", "tipo", "produto", "descrição", "valor", "percentual", "vezes"),
                *("já cobradas", "início", "fim", "só até o vencimento"),
            ),
            maker.services,
        ),
        "receber": (("número", "contrato", "vencimento", "saldo"), maker.receivables),
    }
    return [(name, _write(folder, name, *content)) for name, content in sheets.items()]


def _write(
    folder: Path, name: str, header: Sequence[str], rows: Sequence[Sequence[object]]
) -> Path:
    path = folder / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row] for row in rows)
    return path


def _cell(value: object) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


class _Provider:
    """Draws the provider; each sheet remembers what the next ones refer to."""

    def __init__(self, chance: random.Random, today: date, count: int) -> None:
        self.count = count
        self.chance = chance
        self.today = today
        self.billed_until = months_after(today.replace(day=1), months=-MONTHS_BACK)
        self.people: list[tuple[str, str]] = []
        self.services: list[tuple[object, ...]] = []
        self.receivables: list[tuple[object, ...]] = []

    def holidays(self) -> list[tuple[object, ...]]:
        """Return the municipal holidays of this year and the next."""
        return [
            (code, date(self.today.year + n, 1 + 2 * place, 20), "Aniversário da cidade")
            for place, (code, *_) in enumerate(BRANCHES)
            for n in (0, 1)
        ]

    def sellers(self) -> list[tuple[object, ...]]:
        """Return two sellers of each branch."""
        return [(code, name) for code, *_ in BRANCHES for name in ("Caio Bastos", "Loja")]

    def terms(self) -> list[tuple[object, ...]]:
        """Return the payment terms; the list of dates follows today."""
        first = months_after(self.billed_until, months=1)
        dates = [months_after(first, months=n) + timedelta(days=11) for n in range(8)]
        listed = " ".join(f"{day:%d/%m/%Y}" for day in dates)
        return [
            ("Dia fixo", "dia fixo", "", ""),
            ("15 dias", "intervalo", 15, ""),
            ("Datas combinadas", "personalizado", "", listed),
        ]

    def plans(self) -> Iterator[tuple[object, ...]]:
        """Yield one row for each product of each plan."""
        days = {name: count for name, _, _, count, unit, *_ in TYPES if unit == "dias"}
        for offer in OFFERS:
            for product, description, cents in offer.items:
                count = days.get(offer.billing_type)
                cycle = money.amount(money.share(cents, part=count, whole=30)) if count else ""
                yield (
                    *(offer.code, offer.name, offer.billing_type, product, description),
                    *(money.amount(cents), cycle, offer.tier, offer.loyalty, "300,00"),
                    *("149,90", 3, "TAXA", TEMPLATES[0][0]),
                )

    def customers(self) -> list[tuple[object, ...]]:
        """Return the customers, one in eight a company."""
        rows: list[tuple[object, ...]] = []
        for number in range(1, self.count + 1):
            branch, _, city, uf = self.chance.choices(BRANCHES, weights=[6, 3, 2])[0]
            is_company = number % 8 == 0
            document = cnpj(number) if is_company else cpf(number)
            name = self._company() if is_company else self._person()
            self.people.append((document, branch))
            address = self._address(city, uf) if number % 97 else ("", "", "", "", "", "")
            mail = f"cliente{number}@example.com"
            rows.append(
                (
                    *(f"C{number:05d}", document, name, branch, f"(31) 95550-{number:04d}", mail),
                    *address,
                )
            )
        return rows

    def contracts(self) -> list[tuple[object, ...]]:
        """Return one contract of each customer, and a second of every fifteenth."""
        people = self.people + self.people[::15]
        return [self._contract(n, *person) for n, person in enumerate(people, start=20001)]

    def _contract(self, number: int, document: str, branch: str) -> tuple[object, ...]:
        offer = self.chance.choices(OFFERS, weights=[o.weight for o in OFFERS])[0]
        due_day = self.chance.choice([5, 5, 10, 10, 10, 15, 15, 20, 25, 28, 30, 31])
        activated_on = self.billed_until - timedelta(days=self.chance.randint(40, 900))
        start = f"{number}", document, branch, offer.code, f"Carteira {branch}", due_day
        seller = self.chance.choice(["Caio Bastos", "Loja"])
        if number % 41 == 0:
            sold_on = self.today - timedelta(days=self.chance.randint(1, 20))
            return (*start, "pré-contrato", sold_on, "", "", "", "", seller)
        self._extras(str(number), activated_on)
        billed_until = last_due_day(due_day, until=self.billed_until) - timedelta(days=1)
        if offer.billing_type == "Pós-pago calendário":
            billed_until = self.billed_until - timedelta(days=1)
        loyalty = activated_on
        until = months_after(self.today, months=2) if number % 50 == 0 else ""
        return (
            *(*start, "ativo", "" if number % 61 == 0 else activated_on, activated_on),
            *(billed_until, loyalty, until, seller),
        )

    def _extras(self, contract: str, activated_on: date) -> None:
        """Add services, discounts and open receivables to some contracts."""
        chosen = self.chance.choices(EXTRAS, weights=[extra.weight for extra in EXTRAS])[0]
        if chosen.row:
            days = {
                "activation": activated_on,
                "since": self.billed_until,
                "soon": self.billed_until + timedelta(days=45),
                "later": self.billed_until + timedelta(days=75),
            }
            self.services.append((contract, *(days.get(str(cell), cell) for cell in chosen.row)))
        if self.chance.randint(1, 25) == 1:
            due = self.billed_until - timedelta(days=self.chance.randint(5, 90))
            self.receivables.append(
                (f"A{contract}", contract, due, self.chance.choice(["49,90", "89,90", "33,33"]))
            )

    def _person(self) -> str:
        last = self.chance.sample(LAST_NAMES, 2)
        return f"{self.chance.choice(FIRST_NAMES)} {last[0]} {last[1]}"

    def _company(self) -> str:
        kind = self.chance.choice(["Ltda.", "ME", "S/S"])
        return f"{self.chance.choice(COMPANIES)} {self.chance.choice(LAST_NAMES)} {kind}"

    def _address(self, city: str, uf: str) -> tuple[object, ...]:
        street = f"Rua {self.chance.choice(STREETS.split(';'))}"
        district = self.chance.choice(DISTRICTS.split(";"))
        return street, self.chance.randint(1, 999), district, city, uf, "39999-000"


def cpf(number: int) -> str:
    """Return the CPF of a person who does not exist: it begins with 000."""
    digits = [int(d) for d in f"000{number:06d}"]
    for weight in (10, 11):
        rest = sum(d * (weight - n) for n, d in enumerate(digits)) * 10 % 11
        digits.append(rest % 10)
    return "".join(map(str, digits))


def cnpj(number: int) -> str:
    """Return the CNPJ of a company that does not exist, every second one with letters."""
    text = f"00{number:06d}0001" if number % 16 else f"00VG{number:04d}0001"
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        rest = sum((ord(c) - 48) * w for c, w in zip(text, weights, strict=True)) % 11
        text += str(0 if rest < 2 else 11 - rest)
    return text
