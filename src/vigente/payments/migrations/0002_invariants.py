"""What the database keeps of money: at every commit it is somewhere, once, and a customer's own.

Sums are checked at the commit, since a payment and what it settles are written one after the
other. Functions that probe big tables are pinned to index lookups, as in `billing`.
"""

from django.db import migrations

SUMS = """
CREATE FUNCTION payments_received_is_allocated(receivable bigint) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE found record;
BEGIN
  SELECT r.received_cents, r.discounted_cents, r.cancelled_on,
         COALESCE(a.cents, 0) AS cents, COALESCE(a.discount, 0) AS discount
    INTO found
    FROM billing_receivable r
    CROSS JOIN LATERAL (SELECT sum(amount_cents) AS cents, sum(discount_cents) AS discount
                          FROM payments_allocation
                         WHERE receivable_id = r.id AND released_on IS NULL) a
   WHERE r.id = receivable;
  IF (found.received_cents, found.discounted_cents) <> (found.cents, found.discount) THEN
    RAISE EXCEPTION 'receivable % shows % received and % discounted, its allocations % and %',
      receivable, found.received_cents, found.discounted_cents, found.cents, found.discount
      USING ERRCODE = '23514', CONSTRAINT = 'received_is_what_is_allocated';
  END IF;
  IF found.cancelled_on IS NOT NULL AND found.received_cents <> 0 THEN
    RAISE EXCEPTION 'receivable % is cancelled, yet holds % received',
      receivable, found.received_cents
      USING ERRCODE = '23514', CONSTRAINT = 'cancelled_receivable_holds_no_money';
  END IF;
END $$;

CREATE FUNCTION payments_receipt_is_spent(receipt bigint) RETURNS void
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

CREATE FUNCTION payments_allocation_spends_credit(allocation bigint) RETURNS void
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

CREATE FUNCTION payments_check_receivable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_received_is_allocated(NEW.id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER new_receivable_is_unpaid AFTER INSERT ON billing_receivable
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.received_cents <> 0 OR NEW.discounted_cents <> 0)
  EXECUTE FUNCTION payments_check_receivable();
COMMENT ON TRIGGER new_receivable_is_unpaid ON billing_receivable IS
  'At the commit what a new receivable shows as received is what was allocated to it.';
CREATE CONSTRAINT TRIGGER received_is_what_is_allocated
  AFTER UPDATE OF received_cents, discounted_cents, cancelled_on ON billing_receivable
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (
    (OLD.received_cents, OLD.discounted_cents, OLD.cancelled_on)
    IS DISTINCT FROM (NEW.received_cents, NEW.discounted_cents, NEW.cancelled_on))
  EXECUTE FUNCTION payments_check_receivable();
COMMENT ON TRIGGER received_is_what_is_allocated ON billing_receivable IS
  'At the commit a receivable shows what its allocations come to; a cancelled one, nothing.';

CREATE FUNCTION payments_check_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_receipt_is_spent(NEW.id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER receipt_is_spent_to_the_centavo
  AFTER INSERT OR UPDATE OF reversed_at ON payments_receipt
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_check_receipt();
COMMENT ON TRIGGER receipt_is_spent_to_the_centavo ON payments_receipt IS
  'At the commit a receipt is what it settles and what it left of credit; a reversed one, nothing.';

CREATE FUNCTION payments_check_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_received_is_allocated(NEW.receivable_id);
  IF NEW.receipt_id IS NULL THEN
    PERFORM payments_allocation_spends_credit(NEW.id);
  ELSE
    PERFORM payments_receipt_is_spent(NEW.receipt_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER allocation_moves_what_it_says
  AFTER INSERT OR UPDATE OF released_on ON payments_allocation
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_check_allocation();
COMMENT ON TRIGGER allocation_moves_what_it_says ON payments_allocation IS
  'At the commit an allocation stands on its receivable, and came from a receipt or from credit.';

CREATE FUNCTION payments_check_credit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.receipt_id IS NOT NULL THEN
    PERFORM payments_receipt_is_spent(NEW.receipt_id);
  END IF;
  IF NEW.allocation_id IS NOT NULL THEN
    PERFORM payments_allocation_spends_credit(NEW.allocation_id);
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER credit_entry_moves_what_it_says AFTER INSERT ON payments_creditentry
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_check_credit_entry();
COMMENT ON TRIGGER credit_entry_moves_what_it_says ON payments_creditentry IS
  'At the commit credit that a receipt left, or that was used, is neither more nor less than that.';
"""

CUSTOMERS = """
CREATE FUNCTION payments_credit_never_negative() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE wrong bigint;
BEGIN
  PERFORM FROM customers_customer
    WHERE id IN (SELECT customer_id FROM written WHERE amount_cents < 0)
    ORDER BY id FOR NO KEY UPDATE;
  SELECT w.customer_id INTO wrong
    FROM (SELECT DISTINCT customer_id FROM written WHERE amount_cents < 0) w
   WHERE (SELECT sum(amount_cents) FROM payments_creditentry e
           WHERE e.customer_id = w.customer_id) < 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'customer % has not that much credit', wrong
      USING ERRCODE = '23514', CONSTRAINT = 'credit_never_negative';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER credit_never_negative AFTER INSERT ON payments_creditentry
  REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION payments_credit_never_negative();
COMMENT ON TRIGGER credit_never_negative ON payments_creditentry IS
  'A customer never spends more credit than there is, however many transactions try at once.';

CREATE FUNCTION payments_money_stays_with_its_customer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  owner bigint;
  other bigint;
BEGIN
  IF TG_TABLE_NAME = 'payments_allocation' THEN
    SELECT customer_id INTO owner FROM billing_receivable WHERE id = NEW.receivable_id;
  ELSE
    owner := NEW.customer_id;
    SELECT r.customer_id INTO other
      FROM payments_allocation a JOIN billing_receivable r ON r.id = a.receivable_id
     WHERE a.id = NEW.allocation_id;
  END IF;
  IF NEW.receipt_id IS NOT NULL THEN
    SELECT customer_id INTO other FROM payments_receipt WHERE id = NEW.receipt_id;
  END IF;
  IF other <> owner THEN
    RAISE EXCEPTION 'money of customer % cannot serve customer %', other, owner
      USING ERRCODE = '23514', CONSTRAINT = 'money_stays_with_its_customer';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER money_stays_with_its_customer AFTER INSERT ON payments_allocation
  FOR EACH ROW EXECUTE FUNCTION payments_money_stays_with_its_customer();
COMMENT ON TRIGGER money_stays_with_its_customer ON payments_allocation IS
  'A receipt settles receivables of its own customer only.';
CREATE TRIGGER credit_stays_with_its_customer AFTER INSERT ON payments_creditentry
  FOR EACH ROW EXECUTE FUNCTION payments_money_stays_with_its_customer();
COMMENT ON TRIGGER credit_stays_with_its_customer ON payments_creditentry IS
  'Credit belongs to the customer whose receipt left it, and serves that customer only.';
"""

NEVER_CHANGE = """
CREATE FUNCTION payments_receipt_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.customer_id, NEW.branch_id, NEW.channel, NEW.key, NEW.received_on,
         NEW.amount_cents, NEW.created_at, NEW.by_user_id)
     IS DISTINCT FROM
        (OLD.id, OLD.customer_id, OLD.branch_id, OLD.channel, OLD.key, OLD.received_on,
         OLD.amount_cents, OLD.created_at, OLD.by_user_id)
     OR (OLD.reversed_at IS NOT NULL
         AND (NEW.reversed_at, NEW.reversed_by_user_id)
         IS DISTINCT FROM (OLD.reversed_at, OLD.reversed_by_user_id)) THEN
    RAISE EXCEPTION 'receipt % is recorded: reverse it instead, once', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'receipt_never_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER receipt_never_changes BEFORE UPDATE OR DELETE ON payments_receipt
  FOR EACH ROW EXECUTE FUNCTION payments_receipt_never_changes();
COMMENT ON TRIGGER receipt_never_changes ON payments_receipt IS
  'What was received never changes; a receipt is reversed, once.';

CREATE FUNCTION payments_allocation_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER allocation_never_changes BEFORE UPDATE OR DELETE ON payments_allocation
  FOR EACH ROW EXECUTE FUNCTION payments_allocation_never_changes();
COMMENT ON TRIGGER allocation_never_changes ON payments_allocation IS
  'What a payment settled never changes; an allocation is released, once.';

CREATE FUNCTION payments_credit_entry_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.customer_id, NEW.kind, NEW.amount_cents, NEW.on, NEW.receipt_id,
         NEW.allocation_id, NEW.invoice_id)
     IS DISTINCT FROM
        (OLD.id, OLD.customer_id, OLD.kind, OLD.amount_cents, OLD.on, OLD.receipt_id,
         OLD.allocation_id, OLD.invoice_id) THEN
    RAISE EXCEPTION 'credit entry % stands: write another against it', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'credit_entry_never_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER credit_entry_never_changes BEFORE UPDATE OR DELETE ON payments_creditentry
  FOR EACH ROW EXECUTE FUNCTION payments_credit_entry_never_changes();
COMMENT ON TRIGGER credit_entry_never_changes ON payments_creditentry IS
  'A movement of credit never changes; another one is written against it.';
"""

COMMENTS = """
COMMENT ON CONSTRAINT receipt_once_per_key ON payments_receipt IS
  'One receipt for each key of a channel: a payment told twice is recorded once.';
COMMENT ON CONSTRAINT receipt_reversed_for_a_reason ON payments_receipt IS
  'A reversed receipt says why; one that stands has nothing to explain.';
COMMENT ON CONSTRAINT credit_entry_says_where_it_comes_from ON payments_creditentry IS
  'Credit comes from a receipt, a released use or an invoice, and its sign follows its kind.';
"""

FORGET = """
DROP TRIGGER credit_entry_never_changes ON payments_creditentry;
DROP TRIGGER allocation_never_changes ON payments_allocation;
DROP TRIGGER receipt_never_changes ON payments_receipt;
DROP TRIGGER credit_stays_with_its_customer ON payments_creditentry;
DROP TRIGGER money_stays_with_its_customer ON payments_allocation;
DROP TRIGGER credit_never_negative ON payments_creditentry;
DROP TRIGGER credit_entry_moves_what_it_says ON payments_creditentry;
DROP TRIGGER allocation_moves_what_it_says ON payments_allocation;
DROP TRIGGER receipt_is_spent_to_the_centavo ON payments_receipt;
DROP TRIGGER received_is_what_is_allocated ON billing_receivable;
DROP TRIGGER new_receivable_is_unpaid ON billing_receivable;
DROP FUNCTION payments_credit_entry_never_changes();
DROP FUNCTION payments_allocation_never_changes();
DROP FUNCTION payments_receipt_never_changes();
DROP FUNCTION payments_money_stays_with_its_customer();
DROP FUNCTION payments_credit_never_negative();
DROP FUNCTION payments_check_credit_entry();
DROP FUNCTION payments_check_allocation();
DROP FUNCTION payments_check_receipt();
DROP FUNCTION payments_check_receivable();
DROP FUNCTION payments_allocation_spends_credit(bigint);
DROP FUNCTION payments_receipt_is_spent(bigint);
DROP FUNCTION payments_received_is_allocated(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [migrations.RunSQL(SUMS + CUSTOMERS + NEVER_CHANGE + COMMENTS, FORGET)]
