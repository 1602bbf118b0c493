"""What the database keeps of the catalog."""

from django.db import migrations

SQL = """
CREATE TRIGGER product_never_deleted BEFORE DELETE OR UPDATE OF id ON catalog_product
  FOR EACH ROW EXECUTE FUNCTION vigente_refuse_delete();
COMMENT ON TRIGGER product_never_deleted ON catalog_product IS
  'A product is inactivated, never deleted: lines of invoices name it without a key.';

CREATE TRIGGER wallet_never_deleted BEFORE DELETE OR UPDATE OF id ON catalog_wallet
  FOR EACH ROW EXECUTE FUNCTION vigente_refuse_delete();
COMMENT ON TRIGGER wallet_never_deleted ON catalog_wallet IS
  'A wallet is inactivated, never deleted: receivables name it without a key.';
"""

FORGET = """
DROP TRIGGER product_never_deleted ON catalog_product;
DROP TRIGGER wallet_never_deleted ON catalog_wallet;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [migrations.RunSQL(SQL, FORGET)]
