"""What the database keeps of invoices and receivables, checked once a statement.

Functions that probe big tables are pinned to index lookups: a plan made while the tables were
empty would otherwise scan them for every chunk of a month close.
"""

from django.db import migrations

CEILING = """
CREATE FUNCTION vigente_last_due_on(branch bigint) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT COALESCE(
    (SELECT COALESCE((value #>> '{}')::date, 'infinity'::date)
       FROM parameters_parametervalue
      WHERE name = 'last_due_on'
        AND ((scope = 'BRANCH' AND scope_id = branch) OR scope = 'SYSTEM')
      ORDER BY scope = 'BRANCH' DESC LIMIT 1),
    DATE '2026-12-31')
$$;
COMMENT ON FUNCTION vigente_last_due_on(bigint) IS
  'The due-date ceiling of a branch; infinity where it was lifted.';

CREATE FUNCTION billing_refuse_beyond_ceiling(branch bigint, due_on date) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF due_on > vigente_last_due_on(branch) THEN
    RAISE EXCEPTION 'due on %, after the ceiling % of branch %',
      due_on, vigente_last_due_on(branch), branch
      USING ERRCODE = '23514', CONSTRAINT = 'no_payable_date_beyond_ceiling';
  END IF;
END $$;

CREATE FUNCTION billing_receivables_below_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM billing_refuse_beyond_ceiling(branch_id, max(due_on)) FROM written GROUP BY branch_id;
  RETURN NULL;
END $$;
CREATE TRIGGER receivable_below_ceiling AFTER INSERT ON billing_receivable
  REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION billing_receivables_below_ceiling();
COMMENT ON TRIGGER receivable_below_ceiling ON billing_receivable IS
  'No receivable is payable after the ceiling of its branch.';

CREATE FUNCTION billing_receivable_moved_below_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM billing_refuse_beyond_ceiling(NEW.branch_id, NEW.due_on);
  RETURN NULL;
END $$;
CREATE TRIGGER receivable_moved_below_ceiling AFTER UPDATE OF due_on ON billing_receivable
  FOR EACH ROW WHEN (OLD.due_on IS DISTINCT FROM NEW.due_on)
  EXECUTE FUNCTION billing_receivable_moved_below_ceiling();
COMMENT ON TRIGGER receivable_moved_below_ceiling ON billing_receivable IS
  'No receivable is moved to a day after the ceiling of its branch.';

CREATE FUNCTION billing_invoices_below_ceiling() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  PERFORM billing_refuse_beyond_ceiling(c.branch_id, max(w.due_on))
    FROM written w JOIN contracts_contract c ON c.id = w.contract_id GROUP BY c.branch_id;
  RETURN NULL;
END $$;
CREATE TRIGGER invoice_below_ceiling AFTER INSERT ON billing_invoice
  REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION billing_invoices_below_ceiling();
COMMENT ON TRIGGER invoice_below_ceiling ON billing_invoice IS
  'No invoice is payable after the ceiling of its contract''s branch.';
"""

SEALS = """
CREATE FUNCTION billing_lines_before_their_invoice() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE wrong bigint;
BEGIN
  SELECT w.invoice_id INTO wrong FROM written w
    CROSS JOIN LATERAL (SELECT FROM billing_invoice i WHERE i.id = w.invoice_id LIMIT 1) i LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'invoice % is issued: no line may join it', wrong
      USING ERRCODE = '23514', CONSTRAINT = 'issued_invoice_takes_no_line';
  END IF;
  SELECT p.product_id INTO wrong
    FROM (SELECT DISTINCT product_id FROM written WHERE product_id IS NOT NULL) p
   WHERE NOT EXISTS (SELECT FROM catalog_product WHERE id = p.product_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'there is no product %', wrong
      USING ERRCODE = '23503', CONSTRAINT = 'invoice_line_names_a_product';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER issued_invoice_takes_no_line AFTER INSERT ON billing_invoiceline
  REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION billing_lines_before_their_invoice();
COMMENT ON TRIGGER issued_invoice_takes_no_line ON billing_invoiceline IS
  'Lines are written before their invoice, never added to it; they name products that exist.';

CREATE FUNCTION billing_invoice_lines_add_up() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE wrong bigint;
BEGIN
  SELECT w.id INTO wrong FROM written w
    CROSS JOIN LATERAL (SELECT count(*) AS lines, sum(amount_cents) AS cents
                          FROM billing_invoiceline l WHERE l.invoice_id = w.id) l
   WHERE l.lines = 0 OR l.cents <> w.total_cents LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the lines of invoice % do not add up to it', wrong
      USING ERRCODE = '23514', CONSTRAINT = 'invoice_lines_add_up';
  END IF;
  SELECT w.receivable_id INTO wrong FROM written w
    CROSS JOIN LATERAL (SELECT FROM billing_receivable r WHERE r.id = w.receivable_id LIMIT 1) r
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'receivable % is issued: no invoice may join it', wrong
      USING ERRCODE = '23514', CONSTRAINT = 'issued_receivable_takes_no_invoice';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER invoice_lines_add_up AFTER INSERT ON billing_invoice
  REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION billing_invoice_lines_add_up();
COMMENT ON TRIGGER invoice_lines_add_up ON billing_invoice IS
  'Every invoice has lines, and they add up to it; an issued receivable never grows.';

CREATE FUNCTION billing_receivable_invoices_add_up() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE wrong bigint;
BEGIN
  SELECT w.id INTO wrong FROM written w
    CROSS JOIN LATERAL (
      SELECT sum(total_cents) AS cents, sum(discount_until_due_cents) AS discount
        FROM billing_invoice i WHERE i.receivable_id = w.id AND i.cancelled_on IS NULL) i
   WHERE i.cents IS DISTINCT FROM w.amount_cents
      OR i.discount IS DISTINCT FROM w.discount_until_due_cents LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the invoices of receivable % do not add up to it', wrong
      USING ERRCODE = '23514', CONSTRAINT = 'receivable_invoices_add_up';
  END IF;
  SELECT k.branch_id INTO wrong FROM (SELECT DISTINCT branch_id, wallet_id FROM written) k
   WHERE NOT EXISTS (SELECT FROM staff_branch WHERE id = k.branch_id)
      OR NOT EXISTS (SELECT FROM catalog_wallet WHERE id = k.wallet_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'there is no such branch or wallet (branch %)', wrong
      USING ERRCODE = '23503', CONSTRAINT = 'receivable_names_branch_and_wallet';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER receivable_invoices_add_up AFTER INSERT ON billing_receivable
  REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION billing_receivable_invoices_add_up();
COMMENT ON TRIGGER receivable_invoices_add_up ON billing_receivable IS
  'The invoices of a receivable add up to it; it names a branch and a wallet that exist.';

CREATE FUNCTION billing_regrouped_invoices_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong bigint;
BEGIN
  SELECT r.id INTO wrong
    FROM (SELECT receivable_id FROM before UNION SELECT receivable_id FROM after) touched
    JOIN billing_receivable r ON r.id = touched.receivable_id AND r.cancelled_on IS NULL
   WHERE r.amount_cents IS DISTINCT FROM (
     SELECT sum(total_cents) FROM billing_invoice i
      WHERE i.receivable_id = r.id AND i.cancelled_on IS NULL) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'receivable % stands: cancel it before its invoices', wrong
      USING ERRCODE = '23514', CONSTRAINT = 'receivable_invoices_add_up';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER regrouped_invoices_add_up AFTER UPDATE ON billing_invoice
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION billing_regrouped_invoices_add_up();
COMMENT ON TRIGGER regrouped_invoices_add_up ON billing_invoice IS
  'Cancelling or regrouping an invoice never leaves a standing receivable with another sum.';

CREATE FUNCTION billing_cancelled_receivable_is_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM billing_invoice
              WHERE receivable_id = NEW.id AND cancelled_on IS NULL) THEN
    RAISE EXCEPTION 'receivable % is cancelled, yet an invoice stands on it', NEW.id
      USING ERRCODE = '23514', CONSTRAINT = 'cancelled_receivable_has_no_invoice';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER cancelled_receivable_has_no_invoice
  AFTER UPDATE OF cancelled_on ON billing_receivable
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.cancelled_on IS NOT NULL)
  EXECUTE FUNCTION billing_cancelled_receivable_is_empty();
COMMENT ON TRIGGER cancelled_receivable_has_no_invoice ON billing_receivable IS
  'At the commit no standing invoice is left on a cancelled receivable.';
"""

NEVER_CHANGE = """
CREATE FUNCTION billing_issued_invoice_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.contract_id, NEW.kind, NEW.origin, NEW.run_id, NEW.issued_on,
         NEW.period_start, NEW.period_end, NEW.cycle_days, NEW.nominal_due_on, NEW.due_on,
         NEW.total_cents, NEW.discount_until_due_cents, NEW.carried_cents)
     IS DISTINCT FROM
        (OLD.id, OLD.contract_id, OLD.kind, OLD.origin, OLD.run_id, OLD.issued_on,
         OLD.period_start, OLD.period_end, OLD.cycle_days, OLD.nominal_due_on, OLD.due_on,
         OLD.total_cents, OLD.discount_until_due_cents, OLD.carried_cents)
     OR (OLD.cancelled_on IS NOT NULL
         AND (NEW.cancelled_on, NEW.covers) IS DISTINCT FROM (OLD.cancelled_on, OLD.covers)) THEN
    RAISE EXCEPTION 'invoice % is issued: cancel it instead', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'issued_invoice_never_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER issued_invoice_never_changes BEFORE UPDATE OR DELETE ON billing_invoice
  FOR EACH ROW EXECUTE FUNCTION billing_issued_invoice_never_changes();
COMMENT ON TRIGGER issued_invoice_never_changes ON billing_invoice IS
  'Amounts, period and dates of an issued invoice never change; a cancelled one stays cancelled.';

CREATE FUNCTION billing_issued_receivable_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.customer_id, NEW.branch_id, NEW.wallet_id, NEW.number, NEW.issued_on,
         NEW.amount_cents, NEW.discount_until_due_cents, NEW.replaces_id)
     IS DISTINCT FROM
        (OLD.id, OLD.customer_id, OLD.branch_id, OLD.wallet_id, OLD.number, OLD.issued_on,
         OLD.amount_cents, OLD.discount_until_due_cents, OLD.replaces_id)
     OR (OLD.cancelled_on IS NOT NULL AND NEW.cancelled_on IS DISTINCT FROM OLD.cancelled_on) THEN
    RAISE EXCEPTION 'receivable % is issued: cancel it instead', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'issued_receivable_never_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER issued_receivable_never_changes BEFORE UPDATE OR DELETE ON billing_receivable
  FOR EACH ROW EXECUTE FUNCTION billing_issued_receivable_never_changes();
COMMENT ON TRIGGER issued_receivable_never_changes ON billing_receivable IS
  'The amount of an issued receivable never changes; a cancelled one stays cancelled.';

CREATE FUNCTION billing_lines_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the lines of invoice % are issued', OLD.invoice_id
    USING ERRCODE = '23514', CONSTRAINT = 'invoice_lines_never_change';
END $$;
CREATE TRIGGER invoice_lines_never_change BEFORE UPDATE OR DELETE ON billing_invoiceline
  FOR EACH ROW EXECUTE FUNCTION billing_lines_never_change();
COMMENT ON TRIGGER invoice_lines_never_change ON billing_invoiceline IS
  'A line of an issued invoice is neither changed nor deleted.';

CREATE TRIGGER close_run_never_deleted BEFORE DELETE OR UPDATE OF id ON billing_closerun
  FOR EACH ROW EXECUTE FUNCTION vigente_refuse_delete();
COMMENT ON TRIGGER close_run_never_deleted ON billing_closerun IS
  'A run is never deleted: invoices name it without a key.';
"""

COMMENTS = """
COMMENT ON CONSTRAINT no_overlapping_service_periods ON billing_invoice IS
  'No day of a contract is billed twice, cancelled invoices aside.';
COMMENT ON CONSTRAINT invoice_period_finite_and_not_empty ON billing_invoice IS
  'A PERIOD invoice has a finite, non-empty period; a SINGLE one has none.';
COMMENT ON CONSTRAINT invoice_zero_makes_no_receivable ON billing_invoice IS
  'A zero invoice exists but makes no receivable; any other has one.';
COMMENT ON CONSTRAINT invoice_released_only_when_cancelled ON billing_invoice IS
  'Only a cancelled invoice may give its period back.';
COMMENT ON CONSTRAINT receivable_never_overpaid ON billing_receivable IS
  'A receivable takes at most its amount; what is paid beyond becomes credit.';
COMMENT ON CONSTRAINT item_charged_once ON billing_itemcharge IS
  'The n-th charge of an item sits on one invoice.';
COMMENT ON CONSTRAINT one_contract_plan_per_day ON contracts_contractplan IS
  'A contract has one sale plan on each day.';
"""

FORGET = """
DROP TRIGGER close_run_never_deleted ON billing_closerun;
DROP TRIGGER invoice_lines_never_change ON billing_invoiceline;
DROP TRIGGER issued_receivable_never_changes ON billing_receivable;
DROP TRIGGER issued_invoice_never_changes ON billing_invoice;
DROP TRIGGER cancelled_receivable_has_no_invoice ON billing_receivable;
DROP TRIGGER regrouped_invoices_add_up ON billing_invoice;
DROP TRIGGER receivable_invoices_add_up ON billing_receivable;
DROP TRIGGER invoice_lines_add_up ON billing_invoice;
DROP TRIGGER issued_invoice_takes_no_line ON billing_invoiceline;
DROP TRIGGER invoice_below_ceiling ON billing_invoice;
DROP TRIGGER receivable_moved_below_ceiling ON billing_receivable;
DROP TRIGGER receivable_below_ceiling ON billing_receivable;
DROP FUNCTION billing_lines_never_change();
DROP FUNCTION billing_issued_receivable_never_changes();
DROP FUNCTION billing_issued_invoice_never_changes();
DROP FUNCTION billing_cancelled_receivable_is_empty();
DROP FUNCTION billing_regrouped_invoices_add_up();
DROP FUNCTION billing_receivable_invoices_add_up();
DROP FUNCTION billing_invoice_lines_add_up();
DROP FUNCTION billing_lines_before_their_invoice();
DROP FUNCTION billing_invoices_below_ceiling();
DROP FUNCTION billing_receivable_moved_below_ceiling();
DROP FUNCTION billing_receivables_below_ceiling();
DROP FUNCTION billing_refuse_beyond_ceiling(bigint, date);
DROP FUNCTION vigente_last_due_on(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0001_initial"),
        ("parameters", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(CEILING + SEALS + NEVER_CHANGE + COMMENTS, FORGET),
    ]
