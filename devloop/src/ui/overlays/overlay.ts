/** What lies over the screen and takes the keys. */
export type Overlay =
  | { readonly kind: 'help' /** The first row that shows. */; readonly top: number }
  | {
      readonly kind: 'palette';
      readonly text: string /** The selected one of those that match. */;
      readonly index: number;
    };
