export const network = {
  nothingAnswers: 'Nothing answers at {{host}}. Is the service running?',
  nameUnknown: 'The name of {{host}} is not known. Check the URL, and the network.',
  nameNotLookedUp: 'The name of {{host}} could not be looked up. Is this computer online?',
  tooLate: '{{host}} did not answer in time.',
  closed: 'The connection to {{host}} was closed before there was an answer.',
  notFromHere: '{{host}} cannot be reached from this network.',
  certificateExpired: 'The certificate of {{host}} has expired.',
  certificateNotYet: 'The certificate of {{host}} is not valid yet. Is the clock right?',
  certificateOfItself: 'The certificate of {{host}} is signed by itself, so nobody vouches for it.',
  certificateOfStranger:
    'The certificate of {{host}} is signed by an authority that this computer does not trust.',
  certificateOfOther: 'The certificate of {{host}} was made for another name.',
  certificateRefused: 'The certificate of {{host}} was refused ({{code}}).',
  /**
   * It must not suggest http://, because the token would then travel in the open, and whoever broke the handshake may want
   * that.
   */
  noEncryption:
    'No encrypted connection to {{host}} could be made, so nothing was sent. Check the name and the port of the URL.',
  notReached: '{{host}} cannot be reached ({{code}}).',
  notHttp: '{{host}} answers, but not with HTTP.',
  answerTooLarge: '{{host}} sent an answer that is too large to be from Gatehouse.',
  notUnderstood: '{{host}} gave an answer that this console does not understand. Is one of the two too old?',
  notUnderstoodAt:
    '{{host}} gave an answer that this console does not understand (at {{where}}). Is one of the two too old?',
  proxy_407:
    'The proxy {{proxy}} ({{namedBy}}) asks for a user name and password, or refuses those that it got. Enter them in Settings, Network.',
  proxy_403:
    'The proxy {{proxy}} ({{namedBy}}) does not let this console through to {{host}}. Ask whoever runs it, or name the host as an exception in Settings, Network.',
  proxy_502: 'The proxy {{proxy}} ({{namedBy}}) cannot reach {{host}} (502). Is the service running?',
  proxy_503: 'The proxy {{proxy}} ({{namedBy}}) cannot reach {{host}} at the moment (503).',
  proxy_504: 'The proxy {{proxy}} ({{namedBy}}) got no answer from {{host}} in time (504).',
  proxyRefused: 'The proxy {{proxy}} ({{namedBy}}) refused the connection to {{host}} ({{code}}).',
  proxyUnknown: 'The proxy {{proxy}} ({{namedBy}}) is not known by that name. Check the setting.',
  proxyTooLate: 'The proxy {{proxy}} ({{namedBy}}) did not answer in time.',
  proxyNotHttp: 'The proxy {{proxy}} ({{namedBy}}) answers, but not as an HTTP proxy. Check the setting.',
  proxyNotTrusted:
    'The proxy {{proxy}} ({{namedBy}}) has a certificate that this computer does not trust ({{code}}).',
  proxyNotReached:
    'The proxy {{proxy}} ({{namedBy}}) does not answer ({{code}}). Check the setting, and whether the proxy runs.',
  ownProxy: 'Settings, Network',
  systemProxy: 'the proxy settings of the system',
  proxyUnreadable: 'The proxy has no address that can be read ({{namedBy}}).',
  proxyKind: 'A proxy of the kind {{kind}} is not supported, only HTTP proxies are ({{namedBy}}).',
  proxyTooLong: 'The address of a proxy ends after its port ({{namedBy}}).',
  proxyCredentials: 'The user name or password of the proxy cannot be read ({{namedBy}}).',
  proxyPasswordLocked:
    'The key store of this desktop was not opened, so the password for the proxy (Settings, Network) cannot be read.',
  direct: '{{host}} is reached directly.',
  through: '{{host}} is reached through the proxy {{proxy}} ({{namedBy}}).',
  enterProxy: 'Enter the address of the proxy, for example proxy.example.com:3128.',
  proxyOwnFields: 'User name and password have fields of their own.',
  noException: '{{entry}} is no host, address or network.',
  fileNotFull: 'The certificate authority file of Settings, Network has to be a full path, not {{path}}.',
  fileNotRead: 'The certificate authority file of Settings, Network cannot be read: {{why}}.',
  fileTooLarge: 'The certificate authority file of Settings, Network is too large to be one: {{path}}.',
  fileDamaged: 'The certificate authority file of Settings, Network holds a damaged certificate: {{path}}.',
  fileEmpty: 'The certificate authority file of Settings, Network holds no certificate: {{path}}.',
  enterUrl: 'Enter the URL of the service, for example https://gatehouse.example.com.',
  noUrl: 'This is not a URL.',
  urlScheme: 'A service is reached by http or https, not by {{scheme}}.',
  urlCredentials: 'Leave the user name and password out of the URL; the access token has a field of its own.',
  urlTooLong: 'Leave everything from the ? or # on out of the URL.',
  plain:
    '{{url}} is not encrypted: anybody on the way there can read the access token and use it. Nothing has been sent yet.',
  plainThroughProxy:
    '{{url}} is not encrypted: anybody on the way there can read the access token and use it. So can the proxy {{proxy}} ({{namedBy}}), through which it would go. Nothing has been sent yet.',
  tokenExpired: 'The access token has expired.',
  tokenWrong: 'The access token is wrong.',
  forbidden: 'Your access token does not allow this.',
  asksToWait: '{{host}} asks to wait before the next try.',
  cannotNow: '{{host}} cannot answer at the moment ({{status}}).',
  elsewhere: '{{host}} sends callers elsewhere ({{status}}). Enter the URL that it sends them to.',
  notGatehouse: 'There is no Gatehouse service at {{host}}.',
  error: '{{host}} answered with an error ({{status}}).',
  anotherAccount: 'The service now holds another account.',
  notTakenIn: 'The console could not take in what the service sent: {{why}}',
} as const;
