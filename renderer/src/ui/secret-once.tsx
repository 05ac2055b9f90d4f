import classes from './secret-once.module.css';

interface SecretOnceProps {
  readonly secret: string;
  /** A command that tries the secret. */
  readonly curl: string;
  readonly copySecret: React.ReactNode;
  readonly copyCurl: React.ReactNode;
}

export function SecretOnce({ secret, curl, copySecret, copyCurl }: SecretOnceProps) {
  return (
    <div className={classes.box}>
      <p>This is the only time that the secret is shown. Store it now where the caller reads it from.</p>
      <div className={classes.line}>
        <code className={classes.secret} aria-label="Secret" data-secret>
          {secret}
        </code>
        {copySecret}
      </div>
      <p className={classes.hint}>To try it:</p>
      <div className={classes.line}>
        <code className={classes.curl} aria-label="Command to try it" data-secret>
          {curl}
        </code>
        {copyCurl}
      </div>
    </div>
  );
}
