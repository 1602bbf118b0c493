"""The record of the daily schedule."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('billing', '0005_lists_of_invoices'),
        ('staff', '0005_last_administrator'),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('status', models.CharField(default='WAITING', max_length=8)),
                ('began_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(null=True)),
                ('validity_at', models.DateTimeField(null=True)),
                ('renewed', models.PositiveIntegerField(default=0)),
                ('ended', models.PositiveIntegerField(default=0)),
                ('invoices', models.PositiveIntegerField(default=0)),
                ('amount_cents', models.BigIntegerField(default=0)),
                ('held', models.PositiveIntegerField(default=0)),
                ('finished_at', models.DateTimeField(null=True)),
                ('caught_up_on', models.DateField(null=True)),
                ('error', models.TextField(blank=True)),
                ('dealt_at', models.DateTimeField(null=True)),
                ('dealt_by_name', models.CharField(blank=True, max_length=120)),
                ('dealt_note', models.CharField(blank=True, max_length=200)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='daily_runs', to='staff.branch')),
                ('close_run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='daily_runs', to='billing.closerun')),
            ],
            options={
                'indexes': [models.Index(fields=['day', 'id'], name='daily_run_by_day'), models.Index(condition=models.Q(('dealt_at', None), models.Q(('error', ''), _negated=True)), fields=['branch'], name='daily_run_alarm'), models.Index(condition=models.Q(('status', 'CLOSING')), fields=['status'], name='daily_run_closing')],
                'constraints': [models.UniqueConstraint(fields=('branch', 'day'), name='daily_run_once'), models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'CLOSING', 'DONE', 'FAILED', 'MISSED'])), name='daily_run_status'), models.CheckConstraint(condition=models.Q(('error', ''), ('status', 'FAILED'), _negated=True), name='daily_run_failure_says_why'), models.CheckConstraint(condition=models.Q(('caught_up_on', None), ('caught_up_on__gt', models.F('day')), _connector='OR'), name='daily_run_caught_up_later'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'MISSED'), _negated=True), ('close_run', None), _connector='OR'), name='daily_run_missed_is_empty')],
            },
        ),
    ]
