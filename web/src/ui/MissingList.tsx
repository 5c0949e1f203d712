import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import { useContext } from "react";
import type { Missing } from "../api/problem";
import { useMissingWords } from "../i18n/serverWords";
import { Bidi } from "./Bidi";
import classes from "./MissingList.module.css";
import { PlacesOfMissing } from "./places";

const DETAILS_SHOWN = 3;
const PLACES_SHOWN = 6;

type Props = {
  items: Missing[];
  /** Called before one is led to a place, so that a dialog may close. */
  onLeave?: (() => void) | undefined;
};

/** Requirements: what is missing, and the way to where it is mended. */
export function MissingList({ items, onLeave }: Props) {
  if (items.length === 0) return null;
  return (
    <ul className={classes.list}>
      {items.map((item) => (
        <li key={`${item.code}${item.detail}${JSON.stringify(item.where)}`} data-severity={item.severity}>
          {item.severity === "warn" ? (
            <IconAlertTriangle size={16} aria-hidden="true" />
          ) : (
            <IconCircleX size={16} aria-hidden="true" />
          )}
          <Requirement item={item} onLeave={onLeave} />
        </li>
      ))}
    </ul>
  );
}

function Requirement({ item, onLeave }: { item: Missing; onLeave: (() => void) | undefined }) {
  const wordsOf = useMissingWords();
  const placesOf = useContext(PlacesOfMissing);
  const { label } = wordsOf(item);
  const parts = item.parts ?? [item];
  const details = [...new Set(parts.map((part) => wordsOf(part).detail))].filter(
    (detail) => detail && detail !== label,
  );
  const rest = details.length > DETAILS_SHOWN ? " …" : "";
  const places = placesOf(item);
  return (
    <span>
      <span>
        {label}
        {parts.length > 1 && ` × ${parts.length}`}
      </span>
      {details.length > 0 && (
        <small>
          <Bidi>{details.slice(0, DETAILS_SHOWN).join("; ") + rest}</Bidi>
        </small>
      )}
      {places.length > 0 && (
        <span className={classes.places}>
          {places.slice(0, PLACES_SHOWN).map((place) => (
            <button
              key={place.key}
              type="button"
              onClick={() => {
                onLeave?.();
                place.go();
              }}
            >
              {place.words}
            </button>
          ))}
          {places.length > PLACES_SHOWN && "…"}
        </span>
      )}
    </span>
  );
}
