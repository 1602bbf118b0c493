"""What the database keeps of schedules: which intervals and divisors a cycle allows."""

from django.db import migrations, models

SQL = """
CREATE FUNCTION catalog_billing_type_interval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  longest integer := NEW.period_count * CASE NEW.period_unit WHEN 'MONTH' THEN 28 ELSE 1 END;
BEGIN
  -- The lock lets nobody lengthen the interval before this billing type is there to be seen.
  PERFORM FROM catalog_paymentterms WHERE id = NEW.payment_terms_id FOR SHARE;
  IF EXISTS (SELECT FROM catalog_paymentterms
             WHERE id = NEW.payment_terms_id AND interval_days > longest) THEN
    RAISE EXCEPTION 'billing type % allows an interval of at most % days', NEW.id, longest
      USING ERRCODE = '23514', CONSTRAINT = 'billing_type_interval_within_the_cycle';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_type_interval_within_the_cycle
  AFTER INSERT OR UPDATE OF timing, base, period_unit, period_count, payment_terms_id
  ON catalog_billingtype FOR EACH ROW
  WHEN (NEW.base = 'DUE_DATE' AND NEW.timing = 'POSTPAID')
  EXECUTE FUNCTION catalog_billing_type_interval();
COMMENT ON TRIGGER billing_type_interval_within_the_cycle ON catalog_billingtype IS
  'Postpaid from due date to due date, nobody waits longer than a cycle for the first one.';

CREATE FUNCTION catalog_payment_terms_interval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM catalog_billingtype
             WHERE payment_terms_id = NEW.id AND base = 'DUE_DATE' AND timing = 'POSTPAID'
               AND NEW.interval_days
                   > period_count * CASE period_unit WHEN 'MONTH' THEN 28 ELSE 1 END) THEN
    RAISE EXCEPTION 'payment terms %: % days are longer than a cycle of their billing types',
      NEW.id, NEW.interval_days
      USING ERRCODE = '23514', CONSTRAINT = 'payment_terms_interval_within_the_cycle';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payment_terms_interval_within_the_cycle
  AFTER UPDATE OF interval_days ON catalog_paymentterms FOR EACH ROW
  WHEN (NEW.interval_days IS DISTINCT FROM OLD.interval_days)
  EXECUTE FUNCTION catalog_payment_terms_interval();
COMMENT ON TRIGGER payment_terms_interval_within_the_cycle ON catalog_paymentterms IS
  'An interval grows no longer than the cycle of a billing type that has it.';

COMMENT ON CONSTRAINT billing_type_thirty_in_months ON catalog_billingtype IS
  'A commercial month of 30 days divides months only.';
"""

FORGET = """
DROP TRIGGER payment_terms_interval_within_the_cycle ON catalog_paymentterms;
DROP FUNCTION catalog_payment_terms_interval();
DROP TRIGGER billing_type_interval_within_the_cycle ON catalog_billingtype;
DROP FUNCTION catalog_billing_type_interval();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_custom_dates")]

    operations = [
        migrations.AddConstraint(
            model_name="billingtype",
            constraint=models.CheckConstraint(
                condition=~models.Q(first_divisor="THIRTY", period_unit="DAY"),
                name="billing_type_thirty_in_months",
            ),
        ),
        migrations.RunSQL(SQL, FORGET),
    ]
