import { Box, type DOMElement, measureElement } from 'ink';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useSession } from '../hooks.ts';
import type { ClickArea } from './click-areas.ts';

interface Props {
  readonly onClick: ClickArea['click'];
  readonly children: ReactNode;
}

const nowhere = { x: 0, y: 0, width: 0, height: 0 };

/** Rows that can be clicked. */
export function Clickable({ onClick, children }: Props) {
  const { clickAreas } = useSession();
  const box = useRef<DOMElement>(null);
  useLayoutEffect(
    () => clickAreas.add({ box: () => (box.current ? measureElement(box.current) : nowhere), click: onClick }),
    [clickAreas, onClick],
  );
  return (
    <Box ref={box} flexDirection="column" flexShrink={0}>
      {children}
    </Box>
  );
}
