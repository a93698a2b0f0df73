/** The page around the sample: fills the form, runs `Start`, and shows what it does. */
/// <reference types="vite/client" />
import { FrameClock, MainLoop, SceneTree } from "moonwire/engine";
import {
  CloseReason,
  CloseReasonName,
  SocketError,
  SocketErrorName,
  SocketErrorText,
  Status,
} from "moonwire/networking";
import { Find } from "../../Page.ts";
import { FetchTargets } from "../../Targets.ts";
import { ShowCode } from "./Highlight.ts";
import { Start } from "./Start.ts";
// oxlint-disable-next-line import/default -- vite gives the file's text as the default export
import source from "./Start.ts?raw";
import { Timeline } from "./Timeline.ts";
import { Transcript } from "./Transcript.ts";

const byId = (id: string): HTMLElement => Find(`[data-testid="${id}"]`, HTMLElement);
const target = Find("[data-testid=target]", HTMLSelectElement);
const host = Find("[data-testid=host]", HTMLInputElement);
const port = Find("[data-testid=port]", HTMLInputElement);
const connect = Find("[data-testid=connect]", HTMLButtonElement);
const disconnect = Find("[data-testid=disconnect]", HTMLButtonElement);
const message = Find("[data-testid=message]", HTMLInputElement);
const send = Find("[data-testid=send]", HTMLButtonElement);
const problem = byId("problem");
const timeline = new Timeline(byId("timeline"));
const transcript = new Transcript(byId("transcript"));

const tree = new SceneTree();
new MainLoop(tree, new FrameClock()).Start();
let running: Start | null = null;
const bytes = { in: 0, out: 0 };

ShowCode(byId("code"), source);
Find("[data-testid=connect-form]", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  begin(host.value.trim(), Number(port.value));
});
Find("[data-testid=send-form]", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  sendText(message.value);
});
disconnect.addEventListener("click", () => running?.Peer.DisconnectFromHost());
target.addEventListener("change", fillFromTarget);
showRunning();
await offerTargets();

async function offerTargets(): Promise<void> {
  const answer = await FetchTargets();
  if ("Problem" in answer) {
    showProblem(answer.Problem);
    return;
  }
  const own = new Option("Another host", "");
  target.replaceChildren(
    ...answer.Targets.map(({ Name, Port }) => new Option(Name, `${Name}:${Port}`)),
    own,
  );
  const echo = answer.Targets.find(({ Name }) => Name === "echo");
  if (echo !== undefined) target.value = `${echo.Name}:${echo.Port}`;
  fillFromTarget();
}

function fillFromTarget(): void {
  if (target.value === "") return;
  const [name, number] = target.value.split(":");
  host.value = name ?? "";
  port.value = number ?? "";
}

function begin(toHost: string, toPort: number): void {
  const start = new Start();
  start.Host = toHost;
  start.Port = toPort;
  start.StatusChanged.Connect((status) => onStatus(start, status));
  start.BytesReceived.Connect((received) => {
    bytes.in += received.length;
    transcript.Received(received);
    showBytes();
  });
  start.Refused.Connect((code) => {
    showProblem(explain(code));
    end(start);
  });
  bytes.in = 0;
  bytes.out = 0;
  showBytes();
  showProblem("");
  transcript.Clear();
  timeline.Begin(performance.now());
  timeline.Add(Status.STATUS_NONE, performance.now(), "");
  running = start;
  tree.Root.AddChild(start);
  showRunning();
}

function onStatus(start: Start, status: Status): void {
  timeline.Add(status, performance.now(), detailOf(start, status));
  if (status === Status.STATUS_ERROR) showProblem(explain(start.Peer.GetLastError()));
  if (status === Status.STATUS_ERROR || status === Status.STATUS_NONE) end(start);
  showRunning();
  if (status === Status.STATUS_CONNECTED) message.focus();
}

function detailOf(start: Start, status: Status): string {
  switch (status) {
    case Status.STATUS_CONNECTING:
      return `to ${start.Host}:${start.Port}`;
    case Status.STATUS_CONNECTED:
      return "";
    case Status.STATUS_ERROR:
      return SocketErrorName(start.Peer.GetLastError());
    case Status.STATUS_NONE: {
      const reason = start.Peer.GetCloseReason();
      return reason === CloseReason.NONE ? "" : `closed by ${CloseReasonName(reason)}`;
    }
  }
}

function end(start: Start): void {
  start.QueueFree();
  if (running === start) running = null;
  showRunning();
}

function sendText(text: string): void {
  const encoded = new TextEncoder().encode(text);
  if (running === null || encoded.length === 0) return;
  const code = running.Send(text);
  if (code !== SocketError.SUCCESS) {
    showProblem(explain(code));
    return;
  }
  bytes.out += encoded.length;
  transcript.Sent(text);
  showBytes();
  showProblem("");
  message.value = "";
}

function explain(code: SocketError): string {
  // A target's host can be out of reach, too, but mostly it is the bridge.
  const hint = code === SocketError.HOST_UNREACHABLE ? " Is the bridge still running?" : "";
  return `${SocketErrorName(code)}: ${SocketErrorText(code)}${hint}`;
}

function showProblem(text: string): void {
  problem.textContent = text;
  problem.hidden = text === "";
}

function showBytes(): void {
  byId("bytes-in").textContent = String(bytes.in);
  byId("bytes-out").textContent = String(bytes.out);
}

function showRunning(): void {
  const isConnected = running?.Peer.GetStatus() === Status.STATUS_CONNECTED;
  connect.disabled = running !== null;
  disconnect.disabled = running === null;
  for (const field of [target, host, port]) field.disabled = running !== null;
  for (const field of [message, send]) field.disabled = !isConnected;
}
