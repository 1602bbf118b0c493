"""What the database keeps of the holders of contracts."""

from django.db import migrations

SQL = """
CREATE TRIGGER holder_changes_never_change BEFORE UPDATE OR DELETE ON contracts_holderchange
  FOR EACH ROW EXECUTE FUNCTION contracts_rows_never_change();
COMMENT ON TRIGGER holder_changes_never_change ON contracts_holderchange IS
  'That a contract passed to another customer stays in its history.';

CREATE FUNCTION contracts_holder_is_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM contracts_holderchange
                 WHERE contract_id = NEW.id AND former_id = OLD.customer_id
                   AND customer_id = NEW.customer_id) THEN
    RAISE EXCEPTION 'contract % passed to another customer, and its history does not tell', NEW.id
      USING ERRCODE = '23514', CONSTRAINT = 'contract_holder_is_told';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER contract_holder_is_told AFTER UPDATE OF customer_id
  ON contracts_contract DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.customer_id IS DISTINCT FROM NEW.customer_id)
  EXECUTE FUNCTION contracts_holder_is_told();
COMMENT ON TRIGGER contract_holder_is_told ON contracts_contract IS
  'A contract never changes its customer without an entry in its history.';
"""

FORGET = """
DROP TRIGGER contract_holder_is_told ON contracts_contract;
DROP FUNCTION contracts_holder_is_told();
DROP TRIGGER holder_changes_never_change ON contracts_holderchange;
"""


class Migration(migrations.Migration):
    dependencies = [("contracts", "0010_holder_changes")]

    operations = [migrations.RunSQL(SQL, FORGET)]
