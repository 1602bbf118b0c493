"""There is always somebody who may do everything."""

from django.db import migrations

SQL = """
CREATE FUNCTION staff_keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- two people who take it from each other at once wait here, and the second is refused
  PERFORM pg_advisory_xact_lock(hashtextextended('user_last_administrator', 0));
  IF NOT EXISTS (SELECT 1 FROM staff_user WHERE is_administrator AND is_active) THEN
    RAISE EXCEPTION 'nobody would be left to administrate'
      USING ERRCODE = '23001', CONSTRAINT = 'user_last_administrator';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER user_last_administrator_changed
  AFTER UPDATE OF is_administrator, is_active ON staff_user
  FOR EACH ROW WHEN (OLD.is_administrator AND OLD.is_active
                     AND NOT (NEW.is_administrator AND NEW.is_active))
  EXECUTE FUNCTION staff_keep_an_administrator();
COMMENT ON TRIGGER user_last_administrator_changed ON staff_user IS
  'Nobody takes administration from the last active administrator.';
CREATE TRIGGER user_last_administrator_deleted
  AFTER DELETE ON staff_user
  FOR EACH ROW WHEN (OLD.is_administrator AND OLD.is_active)
  EXECUTE FUNCTION staff_keep_an_administrator();
COMMENT ON TRIGGER user_last_administrator_deleted ON staff_user IS
  'Nobody deletes the last active administrator.';
"""

FORGET = """
DROP TRIGGER user_last_administrator_deleted ON staff_user;
DROP TRIGGER user_last_administrator_changed ON staff_user;
DROP FUNCTION staff_keep_an_administrator();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_roles")]

    operations = [migrations.RunSQL(SQL, FORGET)]
