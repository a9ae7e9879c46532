/** Why an endpoint cannot be reached or trusted, as a machine reads it. */
export type ConnectReason =
  | 'CONNECTION_REFUSED'
  | 'NO_ROUTE'
  | 'NAME_UNKNOWN'
  | 'NO_ANSWER'
  | 'SILENT'
  | 'BLOCKED_HERE'
  | 'CONNECTION_LOST'
  | 'NOT_APID'
  | 'NOT_CONFIGURED'
  | 'OTHER_CLUSTER'
  | 'CERTIFICATE_EXPIRED'
  | 'CERTIFICATE_NOT_YET_VALID'
  | 'AUTHORITY_EXPIRED'
  | 'AUTHORITY_NOT_YET_VALID'
  | 'NOT_A_SERVER'
  | 'NAME_NOT_IN_CERTIFICATE'
  | 'FINGERPRINT_MISMATCH'
  | 'OUR_CERTIFICATE_EXPIRED'
  | 'OUR_CERTIFICATE_NOT_YET_VALID'
  | 'OUR_CERTIFICATE_NOT_FOR_CLIENTS'
  | 'OUR_CERTIFICATE_OF_ANOTHER_CLUSTER'
  | 'OUR_CERTIFICATE_REFUSED'
  | 'ASKS_FOR_CERTIFICATE'
  | 'TRANSIENT';

/** What a reason means for a person, and what to try next; `%` stands for the endpoint. */
export const MEANING: Readonly<Record<ConnectReason, { readonly sentence: string; readonly next: string }>> = {
  CONNECTION_REFUSED: {
    sentence: '% refuses connections: the machine is up, but its apid is not running (yet), or that is another port',
    next: 'the same command in a moment; minosctl cluster show, or the console of the machine',
  },
  NO_ROUTE: {
    sentence: 'there is no way to %: no route, or nobody has that address',
    next: 'minosctl config info shows the endpoints; ip route get <address> shows the way from here',
  },
  NAME_UNKNOWN: {
    sentence: 'nobody knows the name in %',
    next: 'use an address, or look for a mistake: minosctl config info',
  },
  NO_ANSWER: {
    sentence: '% does not answer: the machine is off, or a firewall drops what is sent to that port',
    next: 'minosctl cluster show, or the console of the machine; another endpoint: -e <control plane>',
  },
  SILENT: {
    sentence: '% takes connections and says nothing: its apid hangs, or that is no apid',
    next: 'the console of the machine; another endpoint: -e <control plane>',
  },
  BLOCKED_HERE: {
    sentence: 'this machine itself does not let us connect to %',
    next: 'look at the firewall of this machine',
  },
  CONNECTION_LOST: {
    sentence: '% takes the connection and ends it: it is starting or stopping, or has too many connections',
    next: 'the same command in a moment',
  },
  NOT_APID: {
    sentence: 'what answers at % is no apid',
    next: 'apid listens on port 50000; minosctl config info shows the endpoints',
  },
  NOT_CONFIGURED: {
    sentence: '% shows a certificate that it made itself: it has no configuration yet (maintenance mode), or never joined',
    next: 'minosctl apply-config --insecure -n % -f <configuration>; or know it by the fingerprint in its log: --cert-fingerprint <fingerprint>',
  },
  OTHER_CLUSTER: {
    sentence: '% belongs to another cluster: its certificate is of an authority that this context does not know',
    next: 'minosctl config contexts, and --context <name>; after new secrets: minosctl config merge <talosconfig>',
  },
  CERTIFICATE_EXPIRED: {
    sentence: 'the certificate of % has expired, or the clock here is wrong',
    next: 'date; the node renews its certificate when its clock is right: the console of the machine, then minosctl reboot',
  },
  CERTIFICATE_NOT_YET_VALID: {
    sentence: 'the certificate of % is not valid yet: the clock here or there is wrong',
    next: 'date; compare it with the clock of the node, on its console',
  },
  AUTHORITY_EXPIRED: {
    sentence: 'the authority of this context has expired, or the clock here is wrong',
    next: 'date; the cluster needs a new authority, and this context too: minosctl config merge <talosconfig>',
  },
  AUTHORITY_NOT_YET_VALID: {
    sentence: 'the authority of this context is not valid yet: the clock here is wrong',
    next: 'date',
  },
  NOT_A_SERVER: {
    sentence: '% shows a certificate that is not one for servers',
    next: 'minosctl config info shows the endpoints: is that one a node?',
  },
  NAME_NOT_IN_CERTIFICATE: {
    sentence: '% is a node of this cluster, but its certificate does not hold that name or address',
    next: 'use one that it holds: -e <address>; or add this one to machine.certSANs in its configuration',
  },
  FINGERPRINT_MISMATCH: {
    sentence: '% has another public key than the one that was given',
    next: 'the log of the node says its "fingerprint"; when it is not the one seen, this is another machine',
  },
  OUR_CERTIFICATE_EXPIRED: {
    sentence: 'the certificate of this context has expired; % refuses it',
    next: 'a new one from somebody whose own is valid: minosctl config new; then minosctl config merge',
  },
  OUR_CERTIFICATE_NOT_YET_VALID: {
    sentence: 'the certificate of this context is not valid yet, by the clock here; % refuses it',
    next: 'date; when the clock is right, a new certificate: minosctl config new',
  },
  OUR_CERTIFICATE_NOT_FOR_CLIENTS: {
    sentence: 'the certificate of this context is not one for clients alone; % refuses it',
    next: 'a certificate for clients: minosctl config new',
  },
  OUR_CERTIFICATE_OF_ANOTHER_CLUSTER: {
    sentence:
      'the certificate of this context was not signed by its authority: key and authority are of two clusters; % refuses it',
    next: 'take the whole context from the one who made the cluster: minosctl config merge <talosconfig>',
  },
  OUR_CERTIFICATE_REFUSED: {
    sentence:
      '% ends the connection when it sees the certificate of this context: its authority has changed, its clock is wrong, or it is stopping just now',
    next: 'minosctl config info shows the certificate; compare its dates with the clock on the console of the node',
  },
  ASKS_FOR_CERTIFICATE: {
    sentence: '% asks for a certificate, so it has a configuration already',
    next: 'the same command without --insecure',
  },
  TRANSIENT: {
    sentence: '% could not be reached a moment ago, and answers now',
    next: 'the same command again',
  },
};

/** By the codes of Node for connections that are not made (errno(3), getaddrinfo(3)). */
export const BY_SOCKET_CODE: Readonly<Record<string, ConnectReason>> = {
  ECONNREFUSED: 'CONNECTION_REFUSED',
  EHOSTUNREACH: 'NO_ROUTE',
  ENETUNREACH: 'NO_ROUTE',
  EHOSTDOWN: 'NO_ROUTE',
  EADDRNOTAVAIL: 'NO_ROUTE',
  EINVAL: 'NO_ROUTE',
  ENOTFOUND: 'NAME_UNKNOWN',
  EAI_AGAIN: 'NAME_UNKNOWN',
  EAI_FAIL: 'NAME_UNKNOWN',
  ETIMEDOUT: 'NO_ANSWER',
  EACCES: 'BLOCKED_HERE',
  EPERM: 'BLOCKED_HERE',
  ECONNRESET: 'CONNECTION_LOST',
  EPIPE: 'CONNECTION_LOST',
  TLS_CLOSED: 'CONNECTION_LOST',
  TLS_SILENCE: 'SILENT',
};
