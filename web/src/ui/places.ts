// Where on the screen a requirement can be mended; a screen that knows gives it to everything below.
import { createContext } from "react";
import type { Missing } from "../api/problem";

export type Place = { key: string; words: string; go: () => void };

export const PlacesOfMissing = createContext<(item: Missing) => Place[]>(() => []);
