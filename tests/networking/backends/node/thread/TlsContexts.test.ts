import { expect, test } from "vitest";
import {
  TlsContext,
  TlsContexts,
} from "../../../../../networking/backends/node/thread/TlsContexts.ts";
import { Limits } from "../../../../../networking/core/Limits.ts";
import { TLSOptions } from "../../../../../networking/core/TLSOptions.ts";

const config = TLSOptions.Client().Config();

test("keys are read once, until too many others were used since", () => {
  const contexts = new TlsContexts();
  const first = contexts.Get(1, config);
  for (let id = 2; id <= Limits.tlsContexts; id++) contexts.Get(id, config);
  expect(contexts.Get(1, config)).toBe(first);
  const second = contexts.Get(2, config);
  contexts.Get(Limits.tlsContexts + 1, config); // the third leaves, the one used least lately
  expect(contexts.Get(1, config)).toBe(first);
  expect(contexts.Get(2, config)).toBe(second);
  for (let id = 0; id < Limits.tlsContexts; id++) contexts.Get(1_000 + id, config);
  expect(contexts.Get(1, config)).not.toBe(first);
});

test("keys that OpenSSL does not take give none", () => {
  const broken = { ...config, Certificate: "moon", PrivateKey: "moon" };
  expect(new TlsContexts().Get(1, broken)).toBeNull();
});

test("a session is kept for its server, until too many others came since", () => {
  const context = new TlsContext(1, config);
  const session = { Ticket: Buffer.from("ticket"), Certificate: null };
  context.KeepSession("here", session);
  expect(context.Session("here")).toBe(session);
  expect(context.Session("there")).toBeUndefined();
  for (let i = 1; i < Limits.tlsSessions; i++) context.KeepSession(`${i}`, session);
  expect(context.Session("here")).toBe(session);
  context.KeepSession("one more", session);
  expect(context.Session("here")).toBeUndefined();
  context.ForgetSession("one more");
  expect(context.Session("one more")).toBeUndefined();
});
