"""A main address, the birth date and notes; the order of the list of customers."""

from django.db import migrations, models

FIRST_IS_MAIN = """
UPDATE customers_address a SET is_main = true
FROM (SELECT min(id) AS id FROM customers_address GROUP BY customer_id) first
WHERE a.id = first.id"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_contact_by_its_end")]

    operations = [
        migrations.AddField(
            model_name="customer", name="born_on", field=models.DateField(null=True)
        ),
        migrations.AddField(
            model_name="customer",
            name="note",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="address", name="is_main", field=models.BooleanField(default=False)
        ),
        migrations.RunSQL(FIRST_IS_MAIN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_main", True)),
                fields=("customer",),
                name="one_main_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("born_on", None), ("kind", "PERSON"), _connector="OR"),
                name="customer_born_is_a_person",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["name", "id"], include=("branch", "is_active"), name="customer_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("is_active", False)),
                fields=["name", "id"],
                include=("branch",),
                name="customer_inactive_in_order",
            ),
        ),
    ]
