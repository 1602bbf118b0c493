"""What the database keeps of refunds: each takes its amount of credit, once, or nothing."""

import django.db.models.deletion
from django.db import migrations, models

PROMISES = """
CREATE FUNCTION payments_refund_takes_credit(refund bigint) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE found record;
BEGIN
  SELECT CASE WHEN r.undone_at IS NULL THEN r.amount_cents ELSE 0 END AS given,
         (SELECT COALESCE(-sum(amount_cents), 0) FROM payments_creditentry
           WHERE refund_id = r.id) AS taken
    INTO found FROM payments_refund r WHERE r.id = refund;
  IF found.given <> found.taken THEN
    RAISE EXCEPTION 'refund % gives %, it took % of credit', refund, found.given, found.taken
      USING ERRCODE = '23514', CONSTRAINT = 'refund_is_taken_from_credit';
  END IF;
END $$;

CREATE FUNCTION payments_check_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_refund_takes_credit(NEW.id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refund_is_taken_from_credit
  AFTER INSERT OR UPDATE OF undone_at ON payments_refund
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION payments_check_refund();
COMMENT ON TRIGGER refund_is_taken_from_credit ON payments_refund IS
  'At the commit a refund took its amount of credit; an undone one, nothing.';

CREATE FUNCTION payments_check_credit_refund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM payments_refund_takes_credit(NEW.refund_id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER credit_refunded_is_what_it_says AFTER INSERT ON payments_creditentry
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.refund_id IS NOT NULL)
  EXECUTE FUNCTION payments_check_credit_refund();
COMMENT ON TRIGGER credit_refunded_is_what_it_says ON payments_creditentry IS
  'At the commit credit taken for a refund is neither more nor less than the refund.';

CREATE FUNCTION payments_refund_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.customer_id, NEW.branch_id, NEW.amount_cents, NEW.means, NEW.refunded_on,
         NEW.created_at, NEW.by_user_id)
     IS DISTINCT FROM
        (OLD.id, OLD.customer_id, OLD.branch_id, OLD.amount_cents, OLD.means, OLD.refunded_on,
         OLD.created_at, OLD.by_user_id)
     OR (OLD.undone_at IS NOT NULL
         AND (NEW.undone_at, NEW.undone_by_user_id)
         IS DISTINCT FROM (OLD.undone_at, OLD.undone_by_user_id)) THEN
    RAISE EXCEPTION 'refund % is recorded: undo it instead, once', OLD.id
      USING ERRCODE = '23514', CONSTRAINT = 'refund_never_changes';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refund_never_changes BEFORE UPDATE OR DELETE ON payments_refund
  FOR EACH ROW EXECUTE FUNCTION payments_refund_never_changes();
COMMENT ON TRIGGER refund_never_changes ON payments_refund IS
  'What was given back never changes; a refund is undone, once.';

CREATE FUNCTION payments_refund_of_its_customer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owner bigint;
BEGIN
  SELECT customer_id INTO owner FROM payments_refund WHERE id = NEW.refund_id;
  IF owner <> NEW.customer_id THEN
    RAISE EXCEPTION 'credit of customer % cannot be given back to customer %',
      NEW.customer_id, owner
      USING ERRCODE = '23514', CONSTRAINT = 'money_stays_with_its_customer';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER refund_stays_with_its_customer AFTER INSERT ON payments_creditentry
  FOR EACH ROW WHEN (NEW.refund_id IS NOT NULL)
  EXECUTE FUNCTION payments_refund_of_its_customer();
COMMENT ON TRIGGER refund_stays_with_its_customer ON payments_creditentry IS
  'A refund takes the credit of its own customer only.';

CREATE FUNCTION payments_credit_refund_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'credit entry % stands: write another against it', OLD.id
    USING ERRCODE = '23514', CONSTRAINT = 'credit_entry_never_changes';
END $$;
CREATE TRIGGER credit_entry_keeps_its_refund BEFORE UPDATE OF refund_id ON payments_creditentry
  FOR EACH ROW WHEN (OLD.refund_id IS DISTINCT FROM NEW.refund_id)
  EXECUTE FUNCTION payments_credit_refund_never_changes();
COMMENT ON TRIGGER credit_entry_keeps_its_refund ON payments_creditentry IS
  'The refund of a movement of credit never changes.';

COMMENT ON CONSTRAINT credit_entry_says_where_it_comes_from ON payments_creditentry IS
  'Credit comes from a receipt, a released use, an invoice or an undone refund, and its sign follows its kind.';
COMMENT ON CONSTRAINT refund_undone_for_a_reason ON payments_refund IS
  'An undone refund says why; one that stands has nothing to explain.';
"""

FORGET = """
DROP TRIGGER credit_entry_keeps_its_refund ON payments_creditentry;
DROP TRIGGER refund_stays_with_its_customer ON payments_creditentry;
DROP TRIGGER refund_never_changes ON payments_refund;
DROP TRIGGER credit_refunded_is_what_it_says ON payments_creditentry;
DROP TRIGGER refund_is_taken_from_credit ON payments_refund;
DROP FUNCTION payments_credit_refund_never_changes();
DROP FUNCTION payments_refund_of_its_customer();
DROP FUNCTION payments_refund_never_changes();
DROP FUNCTION payments_check_credit_refund();
DROP FUNCTION payments_check_refund();
DROP FUNCTION payments_refund_takes_credit(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0005_lists_of_invoices"),
        ("customers", "0002_contact_by_its_end"),
        ("payments", "0002_invariants"),
        ("staff", "0005_last_administrator"),
    ]

    operations = [
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount_cents", models.BigIntegerField()),
                ("means", models.CharField(max_length=12)),
                ("refunded_on", models.DateField()),
                ("created_at", models.DateTimeField()),
                ("by_user_id", models.BigIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by_user_id", models.BigIntegerField(null=True)),
                ("undo_reason", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="creditentry",
            name="credit_entry_kind",
        ),
        migrations.RemoveConstraint(
            model_name="creditentry",
            name="credit_entry_says_where_it_comes_from",
        ),
        migrations.AddField(
            model_name="refund",
            name="branch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.branch"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="creditentry",
            name="refund",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="payments.refund"
            ),
        ),
        migrations.AddConstraint(
            model_name="creditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "OVERPAYMENT",
                            "RELEASED",
                            "FINAL_INVOICE",
                            "USED",
                            "REVERSAL",
                            "REFUND",
                            "REFUND_UNDONE",
                        ],
                    )
                ),
                name="credit_entry_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="creditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount_cents__gt", 0), ("kind", "OVERPAYMENT"), ("receipt__isnull", False)
                    ),
                    models.Q(
                        ("allocation", None),
                        ("amount_cents__gt", 0),
                        ("kind", "RELEASED"),
                        ("receipt__isnull", False),
                    ),
                    models.Q(
                        ("allocation__isnull", False),
                        ("amount_cents__gt", 0),
                        ("kind", "RELEASED"),
                        ("receipt", None),
                    ),
                    models.Q(
                        ("amount_cents__gt", 0),
                        ("invoice__isnull", False),
                        ("kind", "FINAL_INVOICE"),
                    ),
                    models.Q(
                        ("allocation__isnull", False), ("amount_cents__lt", 0), ("kind", "USED")
                    ),
                    models.Q(
                        ("amount_cents__lt", 0), ("kind", "REVERSAL"), ("receipt__isnull", False)
                    ),
                    models.Q(
                        ("amount_cents__lt", 0), ("kind", "REFUND"), ("refund__isnull", False)
                    ),
                    models.Q(
                        ("amount_cents__gt", 0),
                        ("kind", "REFUND_UNDONE"),
                        ("refund__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="credit_entry_says_where_it_comes_from",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_cents__gt", 0)), name="refund_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "means__in",
                        ["CASH", "PIX", "DEBIT_CARD", "CREDIT_CARD", "TRANSFER", "CHEQUE", "OTHER"],
                    )
                ),
                name="refund_means",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undo_reason", ""), ("undone_at", None)),
                    models.Q(
                        ("undone_at__isnull", False), models.Q(("undo_reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="refund_undone_for_a_reason",
            ),
        ),
        migrations.RunSQL(PROMISES, FORGET),
    ]
