/**
 * Ties a page's backend to the life of its page, so that a page that nobody sees any more leaves
 * nothing at the bridge, and one that comes back is linked again soon:
 *
 *     left or reloaded            the WebSocket is closed at once; the bridge resets what was open
 *     back from the browser's     streams are in ERROR, CONNECTION_RESET; listeners ask again at
 *       back-forward cache        once, others when the game uses them
 *     online again                who waits for the next attempt waits no longer
 *     hidden                      nothing happens: messages come in hidden tabs, too, and timers
 *                                 that run once a second, or a minute, are enough for the link
 *     offline                     nothing happens: a WebSocket may outlive a short loss; a dead one
 *                                 misses its pong
 */

/** The part of a page's window that is used; tests give their own. */
export interface PageEvents {
  addEventListener(type: string, listener: (event: Event) => void): void;
}

/** What is done about it. */
export interface PageLink {
  /** Ends the link; a later use opens a new one. */
  Disconnect(): void;
  /** Who waits for the next attempt waits no longer. */
  Hurry(): void;
}

export function FollowPage(page: PageEvents, link: PageLink): void {
  page.addEventListener("pagehide", () => link.Disconnect());
  page.addEventListener("pageshow", (event) => {
    if ("persisted" in event && event.persisted === true) link.Hurry();
  });
  page.addEventListener("online", () => link.Hurry());
}
