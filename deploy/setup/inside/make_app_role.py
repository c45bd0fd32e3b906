"""Give a database that came with one URL the application's own role, which owns nothing and cannot rewrite the journal.

Reads DATABASE_OWNER_URL, APP_ROLE and APP_PASSWORD from the environment; prints one sentence and ends with 3 when it may not.
"""

import os
import sys

import psycopg
from psycopg import sql


def make(url: str, role: str, password: str) -> str:
    """Create the role or set its password; return why not, "" when done."""
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("ALTER" if found else "CREATE")
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(password))
            )
            name = sql.Identifier(connection.info.dbname)
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        return (
            f"The role of DATABASE_URL may not make the application's own role {role}: let an administrator make one, "
            "then give its URL as DATABASE_URL and the owner's as DATABASE_OWNER_URL."
        )
    except psycopg.Error as error:
        return f"The database of DATABASE_URL cannot be used: {' '.join(str(error).split())}."
    return ""


if __name__ == "__main__":
    text = make(os.environ["DATABASE_OWNER_URL"], os.environ["APP_ROLE"], os.environ["APP_PASSWORD"])
    if text:
        print(text)
        sys.exit(3)
