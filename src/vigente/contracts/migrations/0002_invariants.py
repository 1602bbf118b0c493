"""What the database keeps of contracts."""

from django.db import migrations

SQL = """
CREATE FUNCTION contracts_only_legal_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.status, NEW.status) NOT IN (VALUES
      ('PRE', 'ACTIVE'), ('PRE', 'WITHDRAWN'),
      ('ACTIVE', 'INACTIVE'), ('ACTIVE', 'LISTED'),
      ('LISTED', 'ACTIVE'), ('LISTED', 'INACTIVE'),
      ('INACTIVE', 'LISTED'), ('INACTIVE', 'ACTIVE')) THEN
    RAISE EXCEPTION 'contract % cannot go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = '23514', CONSTRAINT = 'only_legal_status_moves';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER only_legal_status_moves BEFORE UPDATE OF status ON contracts_contract
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION contracts_only_legal_moves();
COMMENT ON TRIGGER only_legal_status_moves ON contracts_contract IS
  'A contract moves only as the table in domain/lifecycle.py allows.';

CREATE FUNCTION contracts_item_terms_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT activated_on IS NOT NULL FROM contracts_contract WHERE id = OLD.contract_id)
     AND (NEW.contract_id, NEW.kind, NEW.product_id, NEW.quantity, NEW.price_cents,
          NEW.cycle_price_cents, NEW.percent, NEW.discounted_item_id, NEW.charge, NEW.times,
          NEW.charges_before, NEW.starts_on, NEW.prorate, NEW.only_if_paid_by_due)
     IS DISTINCT FROM
         (OLD.contract_id, OLD.kind, OLD.product_id, OLD.quantity, OLD.price_cents,
          OLD.cycle_price_cents, OLD.percent, OLD.discounted_item_id, OLD.charge, OLD.times,
          OLD.charges_before, OLD.starts_on, OLD.prorate, OLD.only_if_paid_by_due) THEN
    RAISE EXCEPTION 'item % belongs to an activated contract: end it and add another', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'contract_item_terms_never_change';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER contract_item_terms_never_change BEFORE UPDATE ON contracts_contractitem
  FOR EACH ROW EXECUTE FUNCTION contracts_item_terms_never_change();
COMMENT ON TRIGGER contract_item_terms_never_change ON contracts_contractitem IS
  'What an item of an activated contract costs never changes; it ends, and another begins.';

CREATE FUNCTION contracts_billing_type_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM contracts_contract WHERE billing_type_id = OLD.id) THEN
    RAISE EXCEPTION 'billing type % is used by contracts: make another', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'billing_type_frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_type_frozen BEFORE UPDATE ON catalog_billingtype
  FOR EACH ROW WHEN (
    (OLD.timing, OLD.base, OLD.period_unit, OLD.period_count, OLD.payment_terms_id,
     OLD.first_invoice, OLD.first_divisor)
    IS DISTINCT FROM
    (NEW.timing, NEW.base, NEW.period_unit, NEW.period_count, NEW.payment_terms_id,
     NEW.first_invoice, NEW.first_divisor))
  EXECUTE FUNCTION contracts_billing_type_frozen();
COMMENT ON TRIGGER billing_type_frozen ON catalog_billingtype IS
  'The schedule of a billing type never changes while contracts use it.';

CREATE FUNCTION contracts_payment_terms_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM contracts_contract c JOIN catalog_billingtype b
             ON b.id = c.billing_type_id WHERE b.payment_terms_id = OLD.id)
     AND NOT (NEW.due_rule = 'CUSTOM' AND OLD.due_rule = 'CUSTOM'
              AND NEW.custom_dates[1:cardinality(OLD.custom_dates)] = OLD.custom_dates) THEN
    RAISE EXCEPTION 'payment terms % are used by contracts: make others', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'payment_terms_frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_terms_frozen BEFORE UPDATE ON catalog_paymentterms
  FOR EACH ROW WHEN (
    (OLD.due_rule, OLD.interval_days, OLD.custom_dates)
    IS DISTINCT FROM (NEW.due_rule, NEW.interval_days, NEW.custom_dates))
  EXECUTE FUNCTION contracts_payment_terms_frozen();
COMMENT ON TRIGGER payment_terms_frozen ON catalog_paymentterms IS
  'Due days in use never change; a list of dates may only grow at its end.';

CREATE FUNCTION contracts_rows_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of contracts is never changed'
    USING ERRCODE = '23001', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER contract_moves_never_change BEFORE UPDATE OR DELETE ON contracts_contractmove
  FOR EACH ROW EXECUTE FUNCTION contracts_rows_never_change();
COMMENT ON TRIGGER contract_moves_never_change ON contracts_contractmove IS
  'A move of a contract that happened stays in its history.';
"""

FORGET = """
DROP TRIGGER only_legal_status_moves ON contracts_contract;
DROP TRIGGER contract_item_terms_never_change ON contracts_contractitem;
DROP TRIGGER billing_type_frozen ON catalog_billingtype;
DROP TRIGGER payment_terms_frozen ON catalog_paymentterms;
DROP TRIGGER contract_moves_never_change ON contracts_contractmove;
DROP FUNCTION contracts_only_legal_moves();
DROP FUNCTION contracts_item_terms_never_change();
DROP FUNCTION contracts_billing_type_frozen();
DROP FUNCTION contracts_payment_terms_frozen();
DROP FUNCTION contracts_rows_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0001_initial")]

    operations = [migrations.RunSQL(SQL, FORGET)]
