/**
 * `moonwire/toolkit`: servers and clients in one call, for tests, scripts and consoles outside a
 * game loop. Promises instead of polling, errors instead of codes; Node.js only.
 */
export type { ConnectOptions } from "./Connect.ts";
export { Connect } from "./Connect.ts";
export type { ConnectionOptions } from "./Connection.ts";
export { Connection } from "./Connection.ts";
export type { ServeConnection, ServerOptions } from "./ConnectionServer.ts";
export { ConnectionServer } from "./ConnectionServer.ts";
export {
  ConnectionTimeoutError,
  EasySocketError,
  FileTransferError,
  InvalidJSONError,
  PortInUseError,
  UnsupportedProtocolError,
} from "./Errors.ts";
export type { SendFileOptions } from "./FileSend.ts";
export { SendFile } from "./FileSend.ts";
export type { FileServerOptions } from "./FileServer.ts";
export { StartFileServer } from "./FileServer.ts";
export type { OnExisting } from "./FileStore.ts";
export type { FileHeader } from "./FileWire.ts";
export type { JsonOptions } from "./JsonLines.ts";
export { ConnectJson, JsonLines } from "./JsonLines.ts";
export type { SendJsonOptions } from "./JsonLinesClient.ts";
export { SendJson } from "./JsonLinesClient.ts";
export type { JsonHandler, JsonReply, JsonServerOptions } from "./JsonLinesServer.ts";
export { StartJsonServer } from "./JsonLinesServer.ts";
export { PeerAddress } from "./PeerAddress.ts";
export type { PooledConnection } from "./PooledConnection.ts";
export type { PoolCounters, PoolOptions } from "./TCPConnectionPool.ts";
export { TCPConnectionPool } from "./TCPConnectionPool.ts";
export type { SendOptions, TlsSendOptions } from "./TcpClient.ts";
export { SendTcpBytes, SendTcpMessage, SendTlsTcpMessage } from "./TcpClient.ts";
export type { TcpReply } from "./TcpReply.ts";
export type { TcpHandler, TlsServerOptions } from "./TcpServer.ts";
export { StartTcpServer, StartTlsTcpServer } from "./TcpServer.ts";
export type { TlsClientFiles, TlsServerFiles } from "./TlsFiles.ts";
export { ToolkitLimits } from "./ToolkitLimits.ts";
