"""What the database keeps of effects."""

from django.db import migrations

SQL = """
CREATE FUNCTION outbox_effect_settles_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.key, NEW.kind, NEW.created_at)
        IS DISTINCT FROM (OLD.id, OLD.key, OLD.kind, OLD.created_at)
     OR (OLD.status IN ('DELIVERED', 'DISCARDED') AND NEW.status <> OLD.status) THEN
    RAISE EXCEPTION 'effect % is %: its key is used up', OLD.key, OLD.status
      USING ERRCODE = '23514', CONSTRAINT = 'effect_settles_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER effect_settles_once BEFORE UPDATE OR DELETE ON outbox_effect
  FOR EACH ROW EXECUTE FUNCTION outbox_effect_settles_once();
COMMENT ON TRIGGER effect_settles_once ON outbox_effect IS
  'An effect that was delivered or discarded stays so, and its key is never free again.';
COMMENT ON CONSTRAINT effect_once_per_key ON outbox_effect IS
  'One effect for each key, however often it is wanted.';
"""

FORGET = """
DROP TRIGGER effect_settles_once ON outbox_effect;
DROP FUNCTION outbox_effect_settles_once();
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [migrations.RunSQL(SQL, FORGET)]
