import { ActionIcon, Avatar, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Line, MARKS, type Mark } from "../queries";
import { nextMark } from "../register/marking";
import { MarkLetter } from "./MarkLetter";
import classes from "./RegisterRow.module.css";

const LONG = 500;
const MOVED = 10;
const KEYS: Record<string, Mark> = { KeyP: "present", KeyL: "late", KeyA: "absent", KeyE: "excused" };

type Props = {
  line: Line;
  status: Mark | null;
  isUnsaved: boolean;
  isOpen: boolean;
  tabIndex: 0 | -1;
  onMark: (line: Line, status: Mark) => void;
  onFocus: () => void;
  /** Takes the person off the roster, where the reader may. */
  onRemove?: ((line: Line) => void) | undefined;
};

/** One person: a tap goes round present, late, absent; a long press or `E` excuses. */
export function RegisterRow({ line, status, isUnsaved, isOpen, tabIndex, onMark, onFocus, onRemove }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const press = useLongPress(() => onMark(line, "excused"));
  const onKeyDown = (event: KeyboardEvent) => {
    const wanted = KEYS[event.code];
    if (!wanted || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (isOpen) onMark(line, wanted);
  };
  const said = label("ui.status", status ?? "unmarked");
  return (
    <li className={classes.row} data-unmarked={(line.expected && status === null) || undefined}>
      <button
        type="button"
        className={classes.tap}
        data-line={line.id}
        tabIndex={tabIndex}
        aria-disabled={!isOpen || undefined}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
        {...(isOpen ? press.handlers : {})}
        onClick={() => {
          if (isOpen && !press.wasLong()) onMark(line, nextMark(status));
        }}
      >
        <Avatar
          src={line.photo}
          name={line.full_name}
          color="ink"
          size={40}
          radius="md"
          alt=""
          aria-hidden="true"
          imageProps={{ loading: "lazy" }}
        />
        <span className={classes.words}>
          <span className={classes.name}>
            <Bidi>{line.full_name}</Bidi>
          </span>
          <span className={classes.under}>
            <Code>{line.reg_no}</Code>
            {!line.expected && <b className={classes.visitor}>{t("attendance.register.visitor")}</b>}
            {line.excuse && status !== "excused" && <b>{t("attendance.register.hasExcuse")}</b>}
            {line.correction && <b>{t("attendance.register.hasCorrection")}</b>}
            {line.remarks && <Bidi>{line.remarks}</Bidi>}
          </span>
        </span>
        <span className={classes.said}>{said}</span>
        <MarkLetter status={status} isUnsaved={isUnsaved} />
        {isUnsaved && <span className="visually-hidden">{t("attendance.register.notSavedYet")}</span>}
      </button>
      {isOpen && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              className={classes.more}
              tabIndex={tabIndex}
              aria-label={t("attendance.register.more", { name: line.full_name })}
            >
              <IconDots size={18} aria-hidden="true" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {MARKS.map((mark) => (
              <Menu.Item key={mark} onClick={() => onMark(line, mark)}>
                {label("ui.status", mark)}
                {mark === "excused" && " …"}
              </Menu.Item>
            ))}
            {onRemove && line.expected && (
              <>
                <Menu.Divider />
                <Menu.Item onClick={() => onRemove(line)}>{t("attendance.register.remove")} …</Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

function useLongPress(act: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const from = useRef({ x: 0, y: 0 });
  const fired = useRef(false);
  const stop = () => clearTimeout(timer.current);
  return {
    /** True once after a long press, whose click is not a tap. */
    wasLong: () => {
      const was = fired.current;
      fired.current = false;
      return was;
    },
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        fired.current = false;
        if (event.button !== 0) return;
        from.current = { x: event.clientX, y: event.clientY };
        timer.current = setTimeout(() => {
          fired.current = true;
          act();
        }, LONG);
      },
      onPointerMove: (event: PointerEvent) => {
        const { x, y } = from.current;
        if (Math.hypot(event.clientX - x, event.clientY - y) > MOVED) stop();
      },
      onPointerUp: stop,
      onPointerLeave: stop,
      onPointerCancel: stop,
      onContextMenu: (event: { preventDefault: () => void }) => event.preventDefault(),
    },
  };
}
