"""The three roles and the database they share.

owner     makes and changes tables; sees every row (migrations and backups need to)
app       what the web site and its jobs run as; row-level security binds it
reader    as app, but cannot change anything
"""

from psycopg import sql

from thucchat.web.postgres.cluster import APPLICATION, OWNER, READER, Cluster

RIGHTS = {OWNER: "LOGIN BYPASSRLS", APPLICATION: "LOGIN NOBYPASSRLS", READER: "LOGIN NOBYPASSRLS"}

# Run by the owner before migrations, so that every table made later is open to the other two.
GRANTS = f"""
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APPLICATION};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {READER};
"""


def prepare(cluster: Cluster, database: str) -> None:
    """Create the roles and the database where they are missing."""
    with cluster.connect() as connection:
        for role, rights in RIGHTS.items():
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            if not known:
                connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role)))
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if not known:
            names = map(sql.Identifier, (database, OWNER))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
    with cluster.connect(database) as connection:
        connection.execute(
            f"GRANT ALL ON SCHEMA public TO {OWNER}; GRANT USAGE ON SCHEMA public TO {APPLICATION}, {READER}"
        )
