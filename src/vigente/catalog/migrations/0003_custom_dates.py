"""The dates of Personalizado go forward."""

from django.db import migrations

SQL = """
CREATE FUNCTION vigente_goes_forward(dates date[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_position(dates, NULL) IS NULL
     AND coalesce(bool_and(day > before), true)
    FROM (SELECT day, lag(day, 1, '-infinity') OVER (ORDER BY place) AS before
            FROM unnest(dates) WITH ORDINALITY AS listed(day, place)) AS pairs
$$;
ALTER TABLE catalog_paymentterms ADD CONSTRAINT payment_terms_dates_go_forward
  CHECK (vigente_goes_forward(custom_dates));
COMMENT ON CONSTRAINT payment_terms_dates_go_forward ON catalog_paymentterms IS
  'The dates of Personalizado come in order, each once.';
"""

FORGET = """
ALTER TABLE catalog_paymentterms DROP CONSTRAINT payment_terms_dates_go_forward;
DROP FUNCTION vigente_goes_forward(date[]);
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_invariants")]

    operations = [migrations.RunSQL(SQL, FORGET)]
