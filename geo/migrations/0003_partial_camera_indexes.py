"""GeoDjango makes an index on a geometry without its condition and says nothing, so 0002 made two copies of the full one."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('geo', '0002_camera_indexes'),
    ]

    operations = [
        migrations.RunSQL(
            sql="""DROP INDEX geo_camera_dead;
                   CREATE INDEX geo_camera_dead ON geo_camera USING gist (point) WHERE status = 'offline';
                   DROP INDEX geo_camera_turning;
                   CREATE INDEX geo_camera_turning ON geo_camera USING gist (point) WHERE kind IN ('ptz', 'drone')""",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
