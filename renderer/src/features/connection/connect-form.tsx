import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { fieldMessage, formMessage } from '../../domain/failures';
import { useFailureText } from '../../forms/failure-message';
import { Form } from '../../ui/form';
import { FormError } from '../../ui/form-error';
import classes from './connection.module.css';
import { checkConnect, type ConnectProblems, hasProblem } from './model';
import { PlainConfirmation } from './plain-confirmation';

interface ConnectFormProps {
  readonly url: string;
  /** Asks for the token only; the service stays. */
  readonly tokenOnly?: boolean;
  readonly onConnected: () => void;
}

export function ConnectForm({ url: initialUrl, tokenOnly = false, onConnected }: ConnectFormProps) {
  const [url, setUrl] = useState(initialUrl);
  const [token, setToken] = useState('');
  const [problems, setProblems] = useState<ConnectProblems>({ url: null, token: null });
  const connecting = useCall((url: string, token: string, allowPlain: boolean) =>
    bridge().calls.connection.connect({ url, token, ...(allowPlain ? { allowPlain } : {}) }),
  );

  const send = (allowPlain: boolean): void => {
    const found = checkConnect(url, token);
    setProblems(found);
    if (hasProblem(found)) return;
    void connecting.run(url.trim(), token.trim(), allowPlain).then((outcome) => {
      if (outcome?.ok === true) onConnected();
    });
  };
  const failure = connecting.failure;
  const isPlain = failure?.kind === 'invalid' && failure.code === 'plain_address';
  const failureText = useFailureText(isPlain ? null : failure);
  // "Unreachable" is about the typed address, so it is shown under that field.
  const unreachable = failure?.kind === 'unreachable' ? failure.message : null;
  const wrongToken = failure?.kind === 'unauthorized' ? t('connection.tokenRefused') : null;

  return (
    <Form className={classes.form} onSubmit={() => send(false)}>
      <TextInput
        label={t('connection.address')}
        placeholder="https://gatehouse.example.com"
        type="url"
        value={url}
        readOnly={tokenOnly}
        onChange={(event) => {
          setUrl(event.currentTarget.value);
          // The confirmation was asked about the former address.
          if (isPlain) connecting.reset();
        }}
        error={problems.url ?? unreachable ?? fieldMessage(failureText, 'url')}
        spellCheck={false}
        autoComplete="off"
        {...(tokenOnly ? {} : { 'data-autofocus': true })}
      />
      <PasswordInput
        label={t('connection.token')}
        description={t('connection.tokenHelp')}
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        error={problems.token ?? wrongToken ?? fieldMessage(failureText, 'token')}
        autoComplete="off"
        {...(tokenOnly ? { 'data-autofocus': true } : {})}
      />
      <FormError message={unreachable === null ? formMessage(failureText, ['url', 'token']) : null} />
      {isPlain ? (
        <PlainConfirmation
          message={failure.message}
          pending={connecting.pending}
          onAllow={() => send(true)}
          onCancel={connecting.reset}
        />
      ) : (
        <Button type="submit" loading={connecting.pending} className={classes.submit}>
          {t(tokenOnly ? 'connection.useToken' : 'connection.connect')}
        </Button>
      )}
    </Form>
  );
}
