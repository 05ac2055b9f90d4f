import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { hashSecret, newAccessTokenSecret } from './policy/secrets';
import { systemClock } from './runtime/clock';
import { CommandError, readCommand, USAGE, type Command, type ServeCommand } from './command';
import { readConfig, SettingError, type ServiceConfig } from './config';
import { closeDataFolder, NotOursError, writePrivateFile } from './private-files';
import { AddressInUseError } from './http/listen';
import type { OwnerAccess } from './open-policy';
import { startService } from './service';
import { createLineLog } from './service-log';
import { MaintenanceError } from './storage/maintenance-error';
import { NewerDatabaseError } from './storage/migrations/index';
import { DatabaseStartError } from './storage/postgres-errors';
import type { DatabasePlace } from './storage/backup/backup';
import { DataDirError } from './storage/sqlite';

/**
 * `npm run service` starts the enforcement service alone. Standard output carries one JSON line once the service can
 * answer; everything else goes to standard error. With arguments it does something with the database instead.
 */

process.umask(0o077);

const log = createLineLog(systemClock, (line) => process.stderr.write(`${line}\n`));

/** OpenTelemetry's standard variable that says where to send to (docs/service.md). */
const COLLECTOR_VARIABLE = 'OTEL_EXPORTER_OTLP_ENDPOINT';

const OWNER_TOKEN_FILE = 'owner-token.txt';

/** Takes the owner's first token from the settings, or writes a new one to a file that only its user can read. */
function ownerAccess(config: ServiceConfig): OwnerAccess {
  return {
    email: config.ownerEmail,
    tokenName: 'First token',
    renew: false,
    tokenHash: () => {
      if (config.ownerToken !== undefined) return hashSecret(config.ownerToken);
      const token = newAccessTokenSecret();
      const file = join(config.dataDir, OWNER_TOKEN_FILE);
      closeDataFolder(config.dataDir);
      writePrivateFile(file, `${token}\n`);
      process.stderr.write(
        `The first account was made for ${config.ownerEmail}. Its access token is in ${file}; ` +
          `move it to a safe place and delete the file.\n`,
      );
      return hashSecret(token);
    },
  };
}

function isExpected(error: unknown): error is Error {
  return (
    error instanceof CommandError ||
    error instanceof SettingError ||
    error instanceof MaintenanceError ||
    error instanceof DataDirError ||
    error instanceof NotOursError ||
    error instanceof DatabaseStartError ||
    error instanceof NewerDatabaseError ||
    error instanceof AddressInUseError
  );
}

async function serve(config: ServiceConfig): Promise<void> {
  const service = await startService({
    config,
    owner: ownerAccess(config),
    log,
    sendsTelemetry: (process.env[COLLECTOR_VARIABLE] ?? '') !== '',
  });
  const grace = new AbortController();
  let isStopping = false;
  const stop = async (graceMs: number): Promise<void> => {
    service.beginStop();
    await setTimeout(graceMs, undefined, { signal: grace.signal }).catch(() => undefined);
    await service.stop();
  };
  const onSignal = (graceMs: number): void => {
    // Whoever asks again does not want to wait.
    if (isStopping) {
      grace.abort();
      return;
    }
    isStopping = true;
    stop(graceMs).then(
      () => process.exit(0),
      (error: unknown) => {
        log.write('error', 'service.stop_failed', { error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => onSignal(config.stopGraceMs));
  process.on('SIGINT', () => onSignal(0));
  process.stdout.write(`${JSON.stringify({ listening: service.url })}\n`);
}

/** Does what a command asks for and returns what to say. What only commands need is not loaded by a service. */
async function carryOut(command: Exclude<Command, ServeCommand>): Promise<string> {
  if (command.name === 'help') return USAGE;
  const { dataDir, databaseUrl, databaseDirectUrl } = readConfig(process.env);
  // PostgreSQL's programs do not work through a pooler.
  const place = { dataDir, databaseUrl: databaseDirectUrl ?? databaseUrl };
  if (command.name === 'check-data') return checkedData(place);
  const { backUp, restore } = await import('./storage/backup/backup');
  switch (command.name) {
    case 'backup':
      await backUp(place, command.file);
      return `The backup is in ${command.file}.`;
    case 'restore':
      return `${command.file} is restored. ${await restore(place, command.file)}`;
  }
}

async function checkedData(place: DatabasePlace): Promise<string> {
  const [{ checkData }, { textOf }] = await Promise.all([
    import('./storage/check/check-data'),
    import('./storage/check/finding'),
  ]);
  const findings = await checkData(place);
  if (findings.length === 0) return 'Nothing in the database contradicts itself.';
  process.exitCode = 1;
  return findings.map(textOf).join('\n');
}

async function run(command: Command): Promise<void> {
  if (command.name === 'serve') await serve(readConfig(process.env));
  else process.stdout.write(`${await carryOut(command)}\n`);
}

try {
  await run(readCommand(process.argv.slice(2)));
} catch (error) {
  if (isExpected(error)) process.stderr.write(`${error.message}\n`);
  else log.write('error', 'service.start_failed', { error });
  process.exit(1);
}
