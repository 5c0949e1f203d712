import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import type { Missing } from "../api/problem";
import classes from "./MissingList.module.css";

/** Requirements as the server words them: what is missing, and where to mend it. */
export function MissingList({ items }: { items: Missing[] }) {
  if (items.length === 0) return null;
  return (
    <ul className={classes.list}>
      {items.map((item) => (
        <li key={`${item.code}${item.where ?? ""}${item.detail}`} data-severity={item.severity}>
          {item.severity === "warn" ? (
            <IconAlertTriangle size={16} aria-hidden="true" />
          ) : (
            <IconCircleX size={16} aria-hidden="true" />
          )}
          <span>
            <span>{item.label}</span>
            {item.detail && item.detail !== item.label && <small>{item.detail}</small>}
          </span>
        </li>
      ))}
    </ul>
  );
}
