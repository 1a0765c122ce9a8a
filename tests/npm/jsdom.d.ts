/* As much of jsdom as the tests use; its types are a package of their own. */

declare module "jsdom" {
  export class JSDOM {
    constructor(html: string, options?: { url?: string });
    readonly window: { document: unknown };
  }
}
