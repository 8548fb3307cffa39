from django.db import migrations


def carry_over(apps, schema_editor):
    """Names get their likeness; an archive that was open to everybody stays so."""
    from storykeep.site.accounts.names import likeness

    taken = set()
    for user in apps.get_model("accounts", "User").objects.filter(likeness=None).order_by("id").iterator():
        alike = likeness(user.username)
        user.likeness = alike if alike not in taken else f"{alike} {user.pk}"
        taken.add(user.likeness)
        user.save(update_fields=["likeness"])
    if apps.get_model("base", "Archive").objects.filter(sign_up_open=True).exists():
        apps.get_model("accounts", "Joining").objects.create(way="open")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_joining_and_leaving"),
        ("base", "0004_remembered"),
    ]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
