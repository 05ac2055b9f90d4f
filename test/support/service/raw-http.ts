import { connect } from 'node:net';

/** Sends the bytes as they are, on one connection, and gives all that comes back until the other side closes it. */
export const sendRaw = async (url: string, bytes: string): Promise<string> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(bytes);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
};
