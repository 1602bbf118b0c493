"""Extensions and functions that every later table may use."""

from django.contrib.postgres.operations import (
    BtreeGistExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations

SEARCH_TEXT = """
-- what a search compares: every given text, lower case, without accents
CREATE FUNCTION vigente_search_text(VARIADIC words text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(public.unaccent('public.unaccent', trim(array_to_string(words, ' '))))
$$;

-- a row that others name by number is inactivated, never deleted, and keeps its number
CREATE FUNCTION vigente_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% % is named by other rows: inactivate it', TG_TABLE_NAME, OLD.id
    USING ERRCODE = '23001', CONSTRAINT = TG_NAME;
END $$;
"""

FORGET = """
DROP FUNCTION vigente_refuse_delete();
DROP FUNCTION vigente_search_text(text[]);
"""


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(SEARCH_TEXT, FORGET),
    ]
