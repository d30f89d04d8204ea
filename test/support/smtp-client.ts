import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

export interface SmtpReply {
  code: number;
  /** All lines, without their codes. */
  lines: string[];
  text: string;
}

/** An SMTP client that does exactly what a test says, also what no mail program would. */
export class SmtpClient {
  private rest = '';
  private lines: string[] = [];
  private readonly replies: SmtpReply[] = [];
  private readonly waiting: ((reply: SmtpReply | undefined) => void)[] = [];
  private isClosed = false;

  private constructor(private socket: Socket | TLSSocket) {
    this.listen();
  }

  /** With TLS from the first byte, or without. @param first sent before the greeting, as proxies do */
  static async open(
    port: number,
    { tls = false, first = '' } = {},
  ): Promise<{ client: SmtpClient; greeting: SmtpReply }> {
    const target = { port, host: '127.0.0.1' };
    const socket = tls ? connectTls({ ...target, rejectUnauthorized: false }) : connectTcp(target);
    const client = new SmtpClient(socket);
    if (first !== '') client.write(first);
    return { client, greeting: await client.reply() };
  }

  /** Greeted, under TLS, logged in. */
  static async loggedIn(port: number, key: string): Promise<SmtpClient> {
    const { client } = await SmtpClient.open(port);
    await client.startTls();
    const answer = await client.authPlain('resend', key);
    if (answer.code !== 235) throw new Error(`AUTH: ${answer.text}`);
    return client;
  }

  private listen(): void {
    this.socket.on('error', () => undefined);
    this.socket.on('data', (data: Buffer) => {
      const parts = (this.rest + data.toString('utf8')).split('\r\n');
      this.rest = parts.pop() ?? '';
      for (const line of parts) this.take(line);
    });
    this.socket.on('close', () => {
      this.isClosed = true;
      for (const resolve of this.waiting.splice(0)) resolve(undefined);
    });
  }

  private take(line: string): void {
    this.lines.push(line.slice(4));
    if (line[3] === '-') return;
    const reply = { code: Number(line.slice(0, 3)), lines: this.lines, text: this.lines.join('\n') };
    this.lines = [];
    const next = this.waiting.shift();
    if (next === undefined) this.replies.push(reply);
    else next(reply);
  }

  /** The next reply. @throws when the server hangs up first */
  async reply(): Promise<SmtpReply> {
    const reply = await this.replyOrEnd();
    if (reply === undefined) throw new Error('the server has closed the connection');
    return reply;
  }

  /** The next reply, or undefined when the server has hung up. */
  replyOrEnd(): Promise<SmtpReply | undefined> {
    const ready = this.replies.shift();
    if (ready !== undefined || this.isClosed) return Promise.resolve(ready);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  command(line: string): Promise<SmtpReply> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  async startTls(): Promise<SmtpReply> {
    await this.command('EHLO client.example');
    const answer = await this.command('STARTTLS');
    await this.upgrade();
    await this.command('EHLO client.example');
    return answer;
  }

  /** The TLS handshake, once the server has said that it is ready. */
  async upgrade(): Promise<void> {
    this.socket.removeAllListeners();
    this.socket = connectTls({ socket: this.socket, rejectUnauthorized: false });
    this.listen();
    await new Promise((resolve) => this.socket.once('secureConnect', resolve));
  }

  authPlain(user: string, password: string): Promise<SmtpReply> {
    return this.command(`AUTH PLAIN ${Buffer.from(`\0${user}\0${password}`).toString('base64')}`);
  }

  /** One transaction up to 354. */
  async begin(
    recipients: readonly string[],
    { from = 'hello@example.com', parameters = '' } = {},
  ): Promise<SmtpReply> {
    const answers = [await this.command(`MAIL FROM:<${from}>${parameters}`)];
    for (const recipient of recipients) answers.push(await this.command(`RCPT TO:<${recipient}>`));
    const refused = answers.find(({ code }) => code !== 250);
    if (refused !== undefined) throw new Error(refused.text);
    return this.command('DATA');
  }

  /** The message of the transaction begun: its dots stuffed, and its end. */
  end(message: string | Buffer): Promise<SmtpReply> {
    this.write(onTheWire(message));
    return this.reply();
  }

  async send(recipients: readonly string[], message: string | Buffer, parameters = ''): Promise<SmtpReply> {
    await this.begin(recipients, { parameters });
    return this.end(message);
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A message, ending in CRLF, as DATA carries it. */
export function onTheWire(message: string | Buffer): Buffer {
  const text = Buffer.from(message).toString('latin1');
  return Buffer.from(`${text.replace(/^\./gm, '..')}.\r\n`, 'latin1');
}

/** The id of the email, as the 250 tells it. */
export function emailIdOf(text: string): string {
  const id = /^(?:250 )?2\.0\.0 Ok ([0-9a-f-]{36})\s*$/.exec(text)?.[1];
  if (id === undefined) throw new Error(`no email id in: ${text}`);
  return id;
}
