"""What the database keeps of cash desks: one open for each operator, counted to the centavo, sealed.

Counts are written before their closing, which checks them: none can join it afterwards.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROMISES = """
CREATE FUNCTION payments_desk_comes_to(desk bigint, of_means text) RETURNS bigint
LANGUAGE sql STABLE AS $$
  SELECT (
    CASE WHEN of_means = 'CASH' THEN
      (SELECT opening_cents FROM payments_cashdesk WHERE id = desk)
      + COALESCE((SELECT sum(CASE kind WHEN 'SUPPLY' THEN amount_cents ELSE -amount_cents END)
                    FROM payments_cashmovement WHERE desk_id = desk), 0)
    ELSE 0 END
    + COALESCE((SELECT sum(amount_cents) FROM payments_receipt
                 WHERE desk_id = desk AND means = of_means), 0)
    - COALESCE((SELECT sum(amount_cents) FROM payments_receipt
                 WHERE reversal_desk_id = desk AND means = of_means), 0)
    - COALESCE((SELECT sum(amount_cents) FROM payments_refund
                 WHERE desk_id = desk AND means = of_means), 0)
    + COALESCE((SELECT sum(amount_cents) FROM payments_refund
                 WHERE undo_desk_id = desk AND means = of_means), 0)
  )::bigint
$$;
COMMENT ON FUNCTION payments_desk_comes_to(bigint, text) IS
  'What should be in a desk of one means of payment.';

CREATE FUNCTION payments_refuse_closed_desk(desk bigint, of_branch bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
  SELECT closed_at, branch_id INTO found FROM payments_cashdesk WHERE id = desk FOR SHARE;
  IF found.closed_at IS NOT NULL THEN
    RAISE EXCEPTION 'desk % is closed: nothing goes into it or out of it', desk
      USING ERRCODE = '23514', CONSTRAINT = 'closed_desk_takes_nothing';
  END IF;
  IF found.branch_id <> of_branch THEN
    RAISE EXCEPTION 'desk % is of branch %, not of %', desk, found.branch_id, of_branch
      USING ERRCODE = '23514', CONSTRAINT = 'money_stays_in_its_branch';
  END IF;
END $$;

CREATE FUNCTION payments_check_desk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_refuse_closed_desk(NEW.desk_id, NEW.branch_id);
  RETURN NULL;
END $$;
CREATE TRIGGER receipt_in_an_open_desk AFTER INSERT ON payments_receipt
  FOR EACH ROW WHEN (NEW.desk_id IS NOT NULL) EXECUTE FUNCTION payments_check_desk();
COMMENT ON TRIGGER receipt_in_an_open_desk ON payments_receipt IS
  'A receipt falls into an open desk of its branch.';
CREATE TRIGGER refund_from_an_open_desk AFTER INSERT ON payments_refund
  FOR EACH ROW WHEN (NEW.desk_id IS NOT NULL) EXECUTE FUNCTION payments_check_desk();
COMMENT ON TRIGGER refund_from_an_open_desk ON payments_refund IS
  'A refund leaves an open desk of its branch.';

CREATE FUNCTION payments_check_movement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_refuse_closed_desk(NEW.desk_id, d.branch_id)
    FROM payments_cashdesk d WHERE d.id = NEW.desk_id;
  RETURN NULL;
END $$;
CREATE TRIGGER movement_in_an_open_desk AFTER INSERT ON payments_cashmovement
  FOR EACH ROW EXECUTE FUNCTION payments_check_movement();
COMMENT ON TRIGGER movement_in_an_open_desk ON payments_cashmovement IS
  'Cash is put into an open desk, or taken out of one.';

CREATE FUNCTION payments_check_reversal_desk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.desk_id, NEW.means) IS DISTINCT FROM (OLD.desk_id, OLD.means)
     OR (NEW.reversal_desk_id IS DISTINCT FROM OLD.reversal_desk_id
         AND (OLD.reversed_at IS NOT NULL OR NEW.reversed_at IS NULL)) THEN
    RAISE EXCEPTION 'receipt % is recorded: reverse it instead, once', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'receipt_never_changes';
  END IF;
  IF NEW.reversal_desk_id IS DISTINCT FROM OLD.reversal_desk_id THEN
    PERFORM payments_refuse_closed_desk(NEW.reversal_desk_id, NEW.branch_id);
  END IF;
  IF NEW.reversed_at IS NOT NULL AND NEW.desk_id IS NOT NULL
     AND NEW.reversal_desk_id IS NULL THEN
    RAISE EXCEPTION 'receipt % came into desk %: its reversal leaves a desk', NEW.id, NEW.desk_id
      USING ERRCODE = '23514', CONSTRAINT = 'reversal_leaves_a_desk';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER reversal_leaves_an_open_desk AFTER UPDATE ON payments_receipt
  FOR EACH ROW WHEN (
    (OLD.desk_id, OLD.means, OLD.reversal_desk_id, OLD.reversed_at)
    IS DISTINCT FROM (NEW.desk_id, NEW.means, NEW.reversal_desk_id, NEW.reversed_at))
  EXECUTE FUNCTION payments_check_reversal_desk();
COMMENT ON TRIGGER reversal_leaves_an_open_desk ON payments_receipt IS
  'A receipt keeps its desk; its reversal leaves a desk of its branch that is open then.';

CREATE FUNCTION payments_check_undo_desk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.desk_id IS DISTINCT FROM OLD.desk_id
     OR (NEW.undo_desk_id IS DISTINCT FROM OLD.undo_desk_id
         AND (OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL)) THEN
    RAISE EXCEPTION 'refund % is recorded: undo it instead, once', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'refund_never_changes';
  END IF;
  IF NEW.undo_desk_id IS DISTINCT FROM OLD.undo_desk_id THEN
    PERFORM payments_refuse_closed_desk(NEW.undo_desk_id, NEW.branch_id);
  END IF;
  IF NEW.undone_at IS NOT NULL AND NEW.desk_id IS NOT NULL AND NEW.undo_desk_id IS NULL THEN
    RAISE EXCEPTION 'refund % left desk %: undone it comes into a desk', NEW.id, NEW.desk_id
      USING ERRCODE = '23514', CONSTRAINT = 'undone_refund_comes_into_a_desk';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER undone_refund_comes_into_an_open_desk AFTER UPDATE ON payments_refund
  FOR EACH ROW WHEN (
    (OLD.desk_id, OLD.undo_desk_id, OLD.undone_at)
    IS DISTINCT FROM (NEW.desk_id, NEW.undo_desk_id, NEW.undone_at))
  EXECUTE FUNCTION payments_check_undo_desk();
COMMENT ON TRIGGER undone_refund_comes_into_an_open_desk ON payments_refund IS
  'A refund keeps its desk; undone, it comes into a desk of its branch that is open then.';

CREATE FUNCTION payments_counts_before_their_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM payments_cashclosing WHERE id = NEW.closing_id) THEN
    RAISE EXCEPTION 'closing % is written: no count may join it', NEW.closing_id
      USING ERRCODE = '23514', CONSTRAINT = 'cash_closing_takes_no_count';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cash_closing_takes_no_count BEFORE INSERT ON payments_cashcount
  FOR EACH ROW EXECUTE FUNCTION payments_counts_before_their_closing();
COMMENT ON TRIGGER cash_closing_takes_no_count ON payments_cashcount IS
  'Counts are written before their closing, never added to it.';

CREATE FUNCTION payments_closing_counts_the_desk() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
  PERFORM FROM payments_cashdesk WHERE id = NEW.desk_id FOR NO KEY UPDATE;
  SELECT m.means, c.expected_cents, payments_desk_comes_to(NEW.desk_id, m.means) AS cents
    INTO wrong
    FROM (SELECT unnest(ARRAY['CASH', 'PIX', 'DEBIT_CARD', 'CREDIT_CARD', 'TRANSFER', 'CHEQUE', 'OTHER']) AS means) m
    LEFT JOIN payments_cashcount c ON c.closing_id = NEW.id AND c.means = m.means
   WHERE c.expected_cents IS DISTINCT FROM payments_desk_comes_to(NEW.desk_id, m.means) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'closing % of desk % expects % of %, there should be %',
      NEW.id, NEW.desk_id, wrong.expected_cents, wrong.means, wrong.cents
      USING ERRCODE = '23514', CONSTRAINT = 'cash_closing_counts_the_desk';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cash_closing_counts_the_desk AFTER INSERT ON payments_cashclosing
  FOR EACH ROW EXECUTE FUNCTION payments_closing_counts_the_desk();
COMMENT ON TRIGGER cash_closing_counts_the_desk ON payments_cashclosing IS
  'A closing counts every means of payment and expects of each what the desk comes to.';

CREATE FUNCTION payments_desk_is_closed_by_a_closing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  desk bigint;
  wrong bigint;
BEGIN
  IF TG_TABLE_NAME = 'payments_cashdesk' THEN desk := NEW.id; ELSE desk := NEW.desk_id; END IF;
  SELECT d.id INTO wrong FROM payments_cashdesk d
   WHERE d.id = desk AND d.closed_at IS DISTINCT FROM (
     SELECT c.closed_at FROM payments_cashclosing c
      WHERE c.desk_id = desk AND c.reopened_at IS NULL);
  IF FOUND THEN
    RAISE EXCEPTION 'desk % is closed exactly while a closing of it stands', desk
      USING ERRCODE = '23514', CONSTRAINT = 'desk_is_closed_by_a_closing';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER desk_is_closed_by_a_closing
  AFTER INSERT OR UPDATE OF closed_at ON payments_cashdesk DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_desk_is_closed_by_a_closing();
COMMENT ON TRIGGER desk_is_closed_by_a_closing ON payments_cashdesk IS
  'At the commit a desk is closed exactly while a closing of it stands.';
CREATE CONSTRAINT TRIGGER closing_closes_its_desk
  AFTER INSERT OR UPDATE ON payments_cashclosing DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_desk_is_closed_by_a_closing();
COMMENT ON TRIGGER closing_closes_its_desk ON payments_cashclosing IS
  'At the commit a desk is closed exactly while a closing of it stands.';

CREATE FUNCTION payments_cash_desk_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.branch_id, NEW.operator_id, NEW.opened_at, NEW.opening_cents)
     IS DISTINCT FROM
        (OLD.id, OLD.branch_id, OLD.operator_id, OLD.opened_at, OLD.opening_cents) THEN
    RAISE EXCEPTION 'desk % was opened so: close it and open another', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'cash_desk_never_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cash_desk_never_changes BEFORE UPDATE OR DELETE ON payments_cashdesk
  FOR EACH ROW EXECUTE FUNCTION payments_cash_desk_never_changes();
COMMENT ON TRIGGER cash_desk_never_changes ON payments_cashdesk IS
  'Who opened a desk, where, when and with how much never changes.';

CREATE FUNCTION payments_cash_closing_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.desk_id, NEW.closed_at, NEW.by_user_id, NEW.by_name, NEW.note)
     IS DISTINCT FROM
        (OLD.id, OLD.desk_id, OLD.closed_at, OLD.by_user_id, OLD.by_name, OLD.note)
     OR OLD.reopened_at IS NOT NULL THEN
    RAISE EXCEPTION 'closing % is written: reopen the desk instead, once', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'cash_closing_never_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cash_closing_never_changes BEFORE UPDATE OR DELETE ON payments_cashclosing
  FOR EACH ROW EXECUTE FUNCTION payments_cash_closing_never_changes();
COMMENT ON TRIGGER cash_closing_never_changes ON payments_cashclosing IS
  'A closing never changes; it is reopened, once.';

CREATE FUNCTION payments_cash_row_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'row % of % is written and stays', OLD.id, TG_TABLE_NAME
    USING ERRCODE = '23514', CONSTRAINT = TG_ARGV[0];
END $$;
CREATE TRIGGER cash_count_never_changes BEFORE UPDATE OR DELETE ON payments_cashcount
  FOR EACH ROW EXECUTE FUNCTION payments_cash_row_never_changes('cash_count_never_changes');
COMMENT ON TRIGGER cash_count_never_changes ON payments_cashcount IS
  'What was expected and counted at a closing never changes.';
CREATE TRIGGER cash_movement_never_changes BEFORE UPDATE OR DELETE ON payments_cashmovement
  FOR EACH ROW EXECUTE FUNCTION payments_cash_row_never_changes('cash_movement_never_changes');
COMMENT ON TRIGGER cash_movement_never_changes ON payments_cashmovement IS
  'Cash put into a desk or taken out of it never changes; another movement is made against it.';

COMMENT ON INDEX one_open_desk_per_operator_and_branch IS
  'An operator has one open desk in a branch.';
COMMENT ON INDEX one_standing_closing_per_desk IS
  'A desk has one closing that stands; it is reopened before it is closed again.';
COMMENT ON CONSTRAINT receipt_in_a_desk_says_its_means ON payments_receipt IS
  'What falls into a desk says what it was handed over as.';
"""

FORGET = """
DROP TRIGGER cash_movement_never_changes ON payments_cashmovement;
DROP TRIGGER cash_count_never_changes ON payments_cashcount;
DROP TRIGGER cash_closing_never_changes ON payments_cashclosing;
DROP TRIGGER cash_desk_never_changes ON payments_cashdesk;
DROP TRIGGER closing_closes_its_desk ON payments_cashclosing;
DROP TRIGGER desk_is_closed_by_a_closing ON payments_cashdesk;
DROP TRIGGER cash_closing_counts_the_desk ON payments_cashclosing;
DROP TRIGGER cash_closing_takes_no_count ON payments_cashcount;
DROP TRIGGER undone_refund_comes_into_an_open_desk ON payments_refund;
DROP TRIGGER reversal_leaves_an_open_desk ON payments_receipt;
DROP TRIGGER movement_in_an_open_desk ON payments_cashmovement;
DROP TRIGGER refund_from_an_open_desk ON payments_refund;
DROP TRIGGER receipt_in_an_open_desk ON payments_receipt;
DROP FUNCTION payments_cash_row_never_changes();
DROP FUNCTION payments_cash_closing_never_changes();
DROP FUNCTION payments_cash_desk_never_changes();
DROP FUNCTION payments_desk_is_closed_by_a_closing();
DROP FUNCTION payments_closing_counts_the_desk();
DROP FUNCTION payments_counts_before_their_closing();
DROP FUNCTION payments_check_undo_desk();
DROP FUNCTION payments_check_reversal_desk();
DROP FUNCTION payments_check_movement();
DROP FUNCTION payments_check_desk();
DROP FUNCTION payments_refuse_closed_desk(bigint, bigint);
DROP FUNCTION payments_desk_comes_to(bigint, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_contact_by_its_end"),
        ("payments", "0003_refunds"),
        ("staff", "0005_last_administrator"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CashClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("closed_at", models.DateTimeField()),
                ("by_user_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("reopened_at", models.DateTimeField(null=True)),
                ("reopened_by_user_id", models.BigIntegerField(null=True)),
                ("reopened_by_name", models.CharField(blank=True, max_length=120)),
                ("reopen_reason", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="CashMovement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("amount_cents", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("by_user_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
            ],
        ),
        migrations.AddField(
            model_name="receipt",
            name="means",
            field=models.CharField(max_length=12, null=True),
        ),
        migrations.CreateModel(
            name="CashCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("means", models.CharField(max_length=12)),
                ("expected_cents", models.BigIntegerField()),
                ("counted_cents", models.BigIntegerField()),
                (
                    "closing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counts",
                        to="payments.cashclosing",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CashDesk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("opening_cents", models.BigIntegerField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.branch",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="cashclosing",
            name="desk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closings",
                to="payments.cashdesk",
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="desk",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="payments.cashdesk",
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="reversal_desk",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversals",
                to="payments.cashdesk",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="desk",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="payments.cashdesk",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="undo_desk",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="undone_refunds",
                to="payments.cashdesk",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("desk__isnull", False)), fields=["desk"], name="receipt_of_desk"
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=models.Q(("reversal_desk__isnull", False)),
                fields=["reversal_desk"],
                name="receipt_reversed_in_desk",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("desk", None), ("means", None)),
                    models.Q(
                        (
                            "means__in",
                            [
                                "CASH",
                                "PIX",
                                "DEBIT_CARD",
                                "CREDIT_CARD",
                                "TRANSFER",
                                "CHEQUE",
                                "OTHER",
                            ],
                        ),
                        ("means__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="receipt_in_a_desk_says_its_means",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reversal_desk", None),
                    models.Q(("desk__isnull", False), ("reversed_at__isnull", False)),
                    _connector="OR",
                ),
                name="receipt_leaves_a_desk_only_if_it_came_into_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undo_desk", None),
                    models.Q(("desk__isnull", False), ("undone_at__isnull", False)),
                    _connector="OR",
                ),
                name="refund_comes_back_only_if_it_left_a_desk",
            ),
        ),
        migrations.AddField(
            model_name="cashmovement",
            name="desk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="movements",
                to="payments.cashdesk",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashcount",
            constraint=models.UniqueConstraint(
                fields=("closing", "means"), name="cash_counted_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cashcount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "means__in",
                        ["CASH", "PIX", "DEBIT_CARD", "CREDIT_CARD", "TRANSFER", "CHEQUE", "OTHER"],
                    )
                ),
                name="cash_count_means",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("counted_cents__gte", 0)), name="cash_count_not_below_zero"
            ),
        ),
        migrations.AddConstraint(
            model_name="cashdesk",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("branch", "operator"),
                name="one_open_desk_per_operator_and_branch",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashdesk",
            constraint=models.CheckConstraint(
                condition=models.Q(("opening_cents__gte", 0)),
                name="cash_desk_opens_with_money_or_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashdesk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None), ("closed_at__gte", models.F("opened_at")), _connector="OR"
                ),
                name="cash_desk_closes_after_it_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashclosing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reopened_at", None)),
                fields=("desk",),
                name="one_standing_closing_per_desk",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashclosing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reopen_reason", ""), ("reopened_at", None)),
                    models.Q(
                        ("reopened_at__isnull", False),
                        models.Q(("reopen_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="cash_closing_reopened_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["SUPPLY", "WITHDRAWAL"])),
                name="cash_movement_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="cashmovement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_cents__gt", 0), models.Q(("reason", ""), _negated=True)
                ),
                name="cash_movement_of_an_amount_for_a_reason",
            ),
        ),
        migrations.RunSQL(PROMISES, FORGET),
    ]
