/**
 * Timers in a worker: a hidden tab's own timers run once a second at best, a worker's go on.
 */
interface Asked {
  readonly id: number;
  readonly delayMs: number;
}

/** The little of a worker's scope that is used; the project's types are a page's. */
declare const self: {
  addEventListener(type: "message", listener: (event: MessageEvent<Asked>) => void): void;
  postMessage(id: number): void;
};

self.addEventListener("message", ({ data }) => {
  setTimeout(() => self.postMessage(data.id), data.delayMs);
});

export {};
