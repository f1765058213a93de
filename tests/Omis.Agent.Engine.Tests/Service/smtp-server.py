"""Debian's aiosmtpd as a mail server that insists on STARTTLS and a password, and keeps each mail in a file of its own.

usage: smtp-server.py CERTIFICATE KEY USER PASSWORD FOLDER; prints the port that it listens on.
"""
import asyncio
import itertools
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

certificate, key, user, password, folder = sys.argv[1:]
numbers = itertools.count(1)


class Mailbox:
    async def handle_DATA(self, server, session, envelope):
        note = f"X-Test-TLS: {session.ssl['ssl_object'].version()}\r\nX-Test-User: {session.auth_data.login.decode()}\r\n"
        pathlib.Path(folder, f"{next(numbers)}.eml").write_bytes(note.encode() + envelope.content)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=right, handled=False, auth_data=data if right else None)


async def serve():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Mailbox(), hostname="mail.test", tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticate),
        "127.0.0.1",
        0,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
