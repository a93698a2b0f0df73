/**
 * PixiApp: the picture on a page. A node that owns a pixi Application; drawn nodes go below it.
 *
 * It fills an element, follows that element's size and the screen's pixel density (at most 2: more
 * costs frames and shows nothing), and draws at each FrameEnded of the tree that it is in, but not
 * while the page is hidden, where a game may go on. Freeing it removes the canvas.
 */

import type { ColorSource, Container } from "pixi.js";
import { Application } from "pixi.js";
import { Signal } from "../Signal.ts";
import { CanvasItem } from "./CanvasItem.ts";
import type { Vector2 } from "./Vector2.ts";

const maxPixelRatio = 2;

export interface PixiAppOptions {
  /** The element that the canvas fills; give it a size. */
  readonly Element: HTMLElement;
  /** Default black. */
  readonly Background?: ColorSource;
  readonly Name?: string;
}

export class PixiApp extends CanvasItem {
  readonly Application: Application;
  override readonly Container: Container;
  /** The element has another size now. */
  readonly Resized = new Signal<[size: Readonly<Vector2>]>();

  readonly #element: HTMLElement;
  #stopDrawing: (() => void) | null = null;

  /** Makes a renderer and puts its canvas into the element. Rejects if the page cannot draw. */
  static async Create(options: PixiAppOptions): Promise<PixiApp> {
    const application = new Application();
    await application.init({
      width: options.Element.clientWidth,
      height: options.Element.clientHeight,
      background: options.Background ?? "black",
      resolution: pixelRatio(),
      autoDensity: true,
      antialias: true,
      autoStart: false,
    });
    return new PixiApp(application, options.Element, options.Name);
  }

  /**
   * Use Create. This one takes an Application that was initialised elsewhere, with `autoDensity`
   * and without `autoStart`, and from now on owns it.
   */
  constructor(application: Application, element: HTMLElement, name?: string) {
    super(name);
    this.Application = application;
    this.Container = application.stage;
    this.#element = element;
    // A block leaves no gap for a text line below the canvas, which would make the element grow.
    application.canvas.style.display = "block";
    element.append(application.canvas);
    const observer = new ResizeObserver(() => this.#fit());
    observer.observe(element);
    this.TreeEntered.Connect(() => this.#startDrawing());
    this.TreeExited.Connect(() => this.#stopDrawing?.());
    this.Freed.Connect(() => {
      observer.disconnect();
      application.destroy({ removeView: true }, { children: true });
    });
  }

  /** The picture's extent in CSS pixels. */
  get Size(): Readonly<Vector2> {
    const { width, height } = this.Application.screen;
    return { x: width, y: height };
  }

  get Background(): ColorSource {
    return this.Application.renderer.background.color;
  }

  set Background(color: ColorSource) {
    this.Application.renderer.background.color = color;
  }

  #startDrawing(): void {
    const draw = (): void => {
      if (!this.#element.ownerDocument.hidden) this.Application.render();
    };
    this.#stopDrawing = this.GetTree().FrameEnded.Connect(draw, { Owner: this });
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#element;
    const { renderer } = this.Application;
    const ratio = pixelRatio();
    const { x, y } = this.Size;
    if (width === x && height === y && ratio === renderer.resolution) return;
    renderer.resize(width, height, ratio);
    // Resizing clears the canvas; without a picture at once it would flicker.
    this.Application.render();
    this.Resized.Emit(this.Size);
  }
}

/** Physical pixels per CSS pixel. */
function pixelRatio(): number {
  return Math.min(globalThis.devicePixelRatio || 1, maxPixelRatio);
}
