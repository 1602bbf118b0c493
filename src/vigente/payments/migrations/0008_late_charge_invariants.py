"""What the database keeps of fines and interest: they are part of what a payment spends."""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION payments_receipt_is_spent(receipt bigint) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE found record;
BEGIN
  SELECT CASE WHEN r.reversed_at IS NULL THEN r.amount_cents ELSE 0 END AS brought,
         (SELECT COALESCE(sum(amount_cents + fine_cents + interest_cents), 0)
            FROM payments_allocation
           WHERE receipt_id = r.id AND released_on IS NULL) AS settles,
         (SELECT COALESCE(sum(amount_cents), 0) FROM payments_creditentry
           WHERE receipt_id = r.id) AS credit
    INTO found FROM payments_receipt r WHERE r.id = receipt;
  IF found.brought <> found.settles + found.credit OR found.credit < 0 THEN
    RAISE EXCEPTION 'receipt % brought %, it settles % and left % of credit',
      receipt, found.brought, found.settles, found.credit
      USING ERRCODE = '23514', CONSTRAINT = 'receipt_is_spent_to_the_centavo';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION payments_allocation_spends_credit(allocation bigint) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE found record;
BEGIN
  SELECT CASE WHEN a.released_on IS NULL
              THEN a.amount_cents + a.fine_cents + a.interest_cents ELSE 0 END AS settles,
         (SELECT COALESCE(-sum(amount_cents), 0) FROM payments_creditentry
           WHERE allocation_id = a.id) AS spent
    INTO found
    FROM payments_allocation a WHERE a.id = allocation AND a.receipt_id IS NULL;
  IF found.settles <> found.spent THEN
    RAISE EXCEPTION 'allocation % settles %, it took % of credit',
      allocation, found.settles, found.spent
      USING ERRCODE = '23514', CONSTRAINT = 'credit_used_is_taken_from_credit';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION payments_allocation_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.receivable_id, NEW.receipt_id, NEW.amount_cents, NEW.discount_cents,
         NEW.fine_cents, NEW.interest_cents, NEW.on)
     IS DISTINCT FROM
        (OLD.id, OLD.receivable_id, OLD.receipt_id, OLD.amount_cents, OLD.discount_cents,
         OLD.fine_cents, OLD.interest_cents, OLD.on)
     OR (OLD.released_on IS NOT NULL AND NEW.released_on IS DISTINCT FROM OLD.released_on) THEN
    RAISE EXCEPTION 'allocation % stands: release it instead, once', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'allocation_never_changes';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION payments_charge_waiver_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.receivable_id, NEW.fine_cents, NEW.interest_cents, NEW.on, NEW.reason,
         NEW.at, NEW.by_user_id, NEW.by_name)
     IS DISTINCT FROM
        (OLD.id, OLD.receivable_id, OLD.fine_cents, OLD.interest_cents, OLD.on, OLD.reason,
         OLD.at, OLD.by_user_id, OLD.by_name)
     OR (OLD.receipt_id IS NOT NULL AND NEW.receipt_id IS DISTINCT FROM OLD.receipt_id)
     OR (OLD.released_on IS NOT NULL AND NEW.released_on IS DISTINCT FROM OLD.released_on) THEN
    RAISE EXCEPTION 'waiver % stands: it is released with its receipt, once', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'charge_waiver_never_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charge_waiver_never_changes BEFORE UPDATE OR DELETE ON payments_chargewaiver
  FOR EACH ROW EXECUTE FUNCTION payments_charge_waiver_never_changes();
COMMENT ON TRIGGER charge_waiver_never_changes ON payments_chargewaiver IS
  'What was waived never changes; a waiver is released with the receipt it was granted with.';
"""

FORGET = """
DROP TRIGGER charge_waiver_never_changes ON payments_chargewaiver;
DROP FUNCTION payments_charge_waiver_never_changes();
CREATE OR REPLACE FUNCTION payments_receipt_is_spent(receipt bigint) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE found record;
BEGIN
  SELECT CASE WHEN r.reversed_at IS NULL THEN r.amount_cents ELSE 0 END AS brought,
         (SELECT COALESCE(sum(amount_cents), 0) FROM payments_allocation
           WHERE receipt_id = r.id AND released_on IS NULL) AS settles,
         (SELECT COALESCE(sum(amount_cents), 0) FROM payments_creditentry
           WHERE receipt_id = r.id) AS credit
    INTO found FROM payments_receipt r WHERE r.id = receipt;
  IF found.brought <> found.settles + found.credit OR found.credit < 0 THEN
    RAISE EXCEPTION 'receipt % brought %, it settles % and left % of credit',
      receipt, found.brought, found.settles, found.credit
      USING ERRCODE = '23514', CONSTRAINT = 'receipt_is_spent_to_the_centavo';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION payments_allocation_spends_credit(allocation bigint) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE found record;
BEGIN
  SELECT CASE WHEN a.released_on IS NULL THEN a.amount_cents ELSE 0 END AS settles,
         (SELECT COALESCE(-sum(amount_cents), 0) FROM payments_creditentry
           WHERE allocation_id = a.id) AS spent
    INTO found
    FROM payments_allocation a WHERE a.id = allocation AND a.receipt_id IS NULL;
  IF found.settles <> found.spent THEN
    RAISE EXCEPTION 'allocation % settles %, it took % of credit',
      allocation, found.settles, found.spent
      USING ERRCODE = '23514', CONSTRAINT = 'credit_used_is_taken_from_credit';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION payments_allocation_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.receivable_id, NEW.receipt_id, NEW.amount_cents, NEW.discount_cents, NEW.on)
     IS DISTINCT FROM
        (OLD.id, OLD.receivable_id, OLD.receipt_id, OLD.amount_cents, OLD.discount_cents, OLD.on)
     OR (OLD.released_on IS NOT NULL AND NEW.released_on IS DISTINCT FROM OLD.released_on) THEN
    RAISE EXCEPTION 'allocation % stands: release it instead, once', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'allocation_never_changes';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_late_charges")]

    operations = [migrations.RunSQL(SQL, FORGET)]
