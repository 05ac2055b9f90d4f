import type { network as english } from '../en/network';
import type { Translation } from '../translation';

export const network: Translation<typeof english> = {
  nothingAnswers: 'Rien ne répond à l’adresse {{host}}. Le service est-il démarré ?',
  nameUnknown: 'Le nom de {{host}} est inconnu. Vérifiez l’URL et le réseau.',
  nameNotLookedUp: 'Le nom de {{host}} n’a pas pu être résolu. Cet ordinateur est-il en ligne ?',
  tooLate: '{{host}} n’a pas répondu à temps.',
  closed: 'La connexion à {{host}} a été fermée avant la réponse.',
  notFromHere: '{{host}} est injoignable depuis ce réseau.',
  certificateExpired: 'Le certificat de {{host}} a expiré.',
  certificateNotYet: 'Le certificat de {{host}} n’est pas encore valide. L’horloge est-elle juste ?',
  certificateOfItself: 'Le certificat de {{host}} est autosigné : personne ne s’en porte garant.',
  certificateOfStranger:
    'Le certificat de {{host}} est signé par une autorité à laquelle cet ordinateur ne fait pas confiance.',
  certificateOfOther: 'Le certificat de {{host}} a été établi pour un autre nom.',
  certificateRefused: 'Le certificat de {{host}} a été refusé ({{code}}).',
  noEncryption:
    'Aucune connexion chiffrée à {{host}} n’a pu être établie ; rien n’a été envoyé. Vérifiez le nom et le port de l’URL.',
  notReached: '{{host}} est injoignable ({{code}}).',
  notHttp: '{{host}} répond, mais pas en HTTP.',
  answerTooLarge: '{{host}} a envoyé une réponse trop grande pour venir de Gatehouse.',
  notUnderstood:
    '{{host}} a donné une réponse que cette console ne comprend pas. L’un des deux est-il trop ancien ?',
  notUnderstoodAt:
    '{{host}} a donné une réponse que cette console ne comprend pas (à {{where}}). L’un des deux est-il trop ancien ?',
  proxy_407:
    'Le proxy {{proxy}} ({{namedBy}}) demande un nom d’utilisateur et un mot de passe, ou refuse ceux qu’il a reçus. Saisissez-les dans Réglages, Réseau.',
  proxy_403:
    'Le proxy {{proxy}} ({{namedBy}}) ne laisse pas cette console joindre {{host}}. Adressez-vous à son exploitant, ou ajoutez l’hôte aux exceptions dans Réglages, Réseau.',
  proxy_502:
    'Le proxy {{proxy}} ({{namedBy}}) ne peut pas joindre {{host}} (502). Le service est-il démarré ?',
  proxy_503: 'Le proxy {{proxy}} ({{namedBy}}) ne peut pas joindre {{host}} pour le moment (503).',
  proxy_504: 'Le proxy {{proxy}} ({{namedBy}}) n’a pas reçu à temps de réponse de {{host}} (504).',
  proxyRefused: 'Le proxy {{proxy}} ({{namedBy}}) a refusé la connexion à {{host}} ({{code}}).',
  proxyUnknown: 'Le proxy {{proxy}} ({{namedBy}}) n’est pas connu sous ce nom. Vérifiez le réglage.',
  proxyTooLate: 'Le proxy {{proxy}} ({{namedBy}}) n’a pas répondu à temps.',
  proxyNotHttp: 'Le proxy {{proxy}} ({{namedBy}}) répond, mais pas comme un proxy HTTP. Vérifiez le réglage.',
  proxyNotTrusted:
    'Le proxy {{proxy}} ({{namedBy}}) a un certificat auquel cet ordinateur ne fait pas confiance ({{code}}).',
  proxyNotReached:
    'Le proxy {{proxy}} ({{namedBy}}) ne répond pas ({{code}}). Vérifiez le réglage, et que le proxy est démarré.',
  ownProxy: 'Réglages, Réseau',
  systemProxy: 'les réglages de proxy du système',
  proxyUnreadable: 'Le proxy n’a pas d’adresse lisible ({{namedBy}}).',
  proxyKind:
    'Un proxy du type {{kind}} n’est pas pris en charge, seuls les proxys HTTP le sont ({{namedBy}}).',
  proxyTooLong: 'L’adresse d’un proxy se termine après son port ({{namedBy}}).',
  proxyCredentials: 'Le nom d’utilisateur ou le mot de passe du proxy est illisible ({{namedBy}}).',
  proxyPasswordLocked:
    'Le trousseau de ce bureau n’a pas été ouvert, le mot de passe du proxy (Réglages, Réseau) est donc illisible.',
  direct: '{{host}} est joint directement.',
  through: '{{host}} est joint par le proxy {{proxy}} ({{namedBy}}).',
  enterProxy: 'Saisissez l’adresse du proxy, par exemple proxy.example.com:3128.',
  proxyOwnFields: 'Le nom d’utilisateur et le mot de passe ont leurs propres champs.',
  noException: '{{entry}} n’est ni un hôte, ni une adresse, ni un réseau.',
  fileNotFull:
    'Le fichier d’autorité de certification (Réglages, Réseau) doit être un chemin complet, pas {{path}}.',
  fileNotRead: 'Le fichier d’autorité de certification (Réglages, Réseau) est illisible : {{why}}.',
  fileTooLarge:
    'Le fichier d’autorité de certification (Réglages, Réseau) est trop grand pour en être un : {{path}}.',
  fileDamaged:
    'Le fichier d’autorité de certification (Réglages, Réseau) contient un certificat endommagé : {{path}}.',
  fileEmpty:
    'Le fichier d’autorité de certification (Réglages, Réseau) ne contient aucun certificat : {{path}}.',
  enterUrl: 'Saisissez l’URL du service, par exemple https://gatehouse.example.com.',
  noUrl: 'Ce n’est pas une URL.',
  urlScheme: 'Un service est joint en http ou en https, pas en {{scheme}}.',
  urlCredentials:
    'Retirez le nom d’utilisateur et le mot de passe de l’URL ; le jeton d’accès a son propre champ.',
  urlTooLong: 'Retirez de l’URL tout ce qui suit le ? ou le #.',
  plain:
    '{{url}} n’est pas chiffrée : n’importe qui sur le chemin peut lire et utiliser le jeton d’accès. Rien n’a encore été envoyé.',
  plainThroughProxy:
    '{{url}} n’est pas chiffrée : n’importe qui sur le chemin peut lire et utiliser le jeton d’accès, de même que le proxy {{proxy}} ({{namedBy}}) par lequel il passerait. Rien n’a encore été envoyé.',
  tokenExpired: 'Le jeton d’accès a expiré.',
  tokenWrong: 'Le jeton d’accès est incorrect.',
  forbidden: 'Votre jeton d’accès ne le permet pas.',
  asksToWait: '{{host}} demande d’attendre avant le prochain essai.',
  cannotNow: '{{host}} ne peut pas répondre pour le moment ({{status}}).',
  elsewhere: '{{host}} renvoie ailleurs ({{status}}). Saisissez l’URL vers laquelle il renvoie.',
  notGatehouse: 'Il n’y a pas de service Gatehouse à l’adresse {{host}}.',
  error: '{{host}} a répondu par une erreur ({{status}}).',
  anotherAccount: 'Le service contient maintenant un autre compte.',
  notTakenIn: 'La console n’a pas pu traiter ce que le service a envoyé : {{why}}',
};
