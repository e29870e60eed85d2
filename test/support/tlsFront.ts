import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import execa from "execa";
import { portOf } from "./portOf";

/** An authority and a certificate of it for the address 127.0.0.1, by the library that LiteLLM's environment has. */
const CERTIFICATES = `
import datetime, ipaddress
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

def named(name):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])

def certificate(subject, key, issuer, by, extensions):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder(named(issuer), named(subject), key.public_key(), x509.random_serial_number(),
        now - datetime.timedelta(hours=1), now + datetime.timedelta(days=1))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(by, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
usage = x509.KeyUsage(True, False, False, False, False, True, False, False, False)
known = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
open("authority.pem", "wb").write(certificate("test authority", authority, "test authority", authority,
    [(x509.BasicConstraints(True, None), True), (usage, True), (known, False)]))
open("server.pem", "wb").write(certificate("store", server, "test authority", authority, [
    (x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False),
    (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(known), False)]))
open("server.key", "wb").write(server.private_bytes(serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
`;

/** What speaks TLS before a server that does not, on 127.0.0.1: a client cannot tell it from a server that does. */
export class TlsFront {
  private readonly sockets = new Set<Socket>();
  /** Connections whose client has taken the certificate. */
  public accepted = 0;
  /** Why other clients went, a text for each. */
  public readonly refused: string[] = [];

  private constructor(
    private readonly server: Server,
    /** Path of the certificate of who has signed the server's. */
    public readonly authority: string,
  ) {}

  /**
   * @param folder of keys and certificates
   * @param python of LiteLLM's virtual environment
   */
  public static async start(
    folder: string,
    python: string,
    behind: { readonly host: string; readonly port: number },
  ): Promise<TlsFront> {
    await writeFile(join(folder, "certificates.py"), CERTIFICATES);
    await execa(join(python, "bin", "python"), ["certificates.py"], { cwd: folder });
    const server = createServer({
      cert: await readFile(join(folder, "server.pem")),
      key: await readFile(join(folder, "server.key")),
    });
    const front = new TlsFront(server, join(folder, "authority.pem"));
    server.on("secureConnection", (client) => {
      front.accepted += 1;
      const forward = connect(behind);
      for (const [socket, other] of [
        [client, forward],
        [forward, client],
      ] as const) {
        front.sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", () => {
          front.sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    server.on("tlsClientError", ({ message }) => front.refused.push(message));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return front;
  }

  public get port(): number {
    return portOf(this.server);
  }

  public close(): void {
    this.server.close();
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }
}
