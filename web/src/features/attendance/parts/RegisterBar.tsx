import { Button, Group, Modal, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Move, MoveRequest } from "../../../api/moves";
import { Bidi } from "../../../ui/Bidi";
import { MoveButtons } from "../../../ui/MoveButtons";
import type { Line } from "../queries";
import classes from "./RegisterBar.module.css";

const SHOWN = 12;

type Props = {
  submit: Move | undefined;
  unmarked: Line[];
  isOpen: boolean;
  isUnsaved: boolean;
  saving: ReactNode;
  onRest: () => void;
  onSubmit: (request: MoveRequest) => Promise<unknown>;
  onJump: (line: Line) => void;
};

/** Under the thumb: everybody else is present, and the register is done. Who still lacks a mark is named. */
export function RegisterBar({
  submit,
  unmarked,
  isOpen,
  isUnsaved,
  saving,
  onRest,
  onSubmit,
  onJump,
}: Props) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const count = unmarked.length;
  if (!isOpen && !submit) return null;
  const fill = () => {
    onRest();
    setAsking(false);
  };
  return (
    <div className={classes.bar}>
      {saving}
      {submit && count > 0 && (
        <details className={classes.unmarked}>
          <summary>{t("attendance.register.unmarked", { count })}</summary>
          <div className={classes.names}>
            {unmarked.slice(0, SHOWN).map((line) => (
              <button key={line.id} type="button" onClick={() => onJump(line)}>
                <Bidi>{line.full_name}</Bidi>
              </button>
            ))}
            {count > SHOWN && <span>{t("attendance.register.andMore", { count: count - SHOWN })}</span>}
          </div>
        </details>
      )}
      <Group gap="xs" justify="space-between">
        {isOpen && (
          <Button
            variant={count > 0 ? "filled" : "default"}
            disabled={count === 0}
            onClick={() => setAsking(true)}
          >
            {count > 0 ? t("attendance.rest.button", { count }) : t("attendance.rest.none")}
          </Button>
        )}
        {submit && (
          <MoveButtons
            moves={[isUnsaved ? waiting(submit, t("attendance.register.waitForSaving")) : submit]}
            onMove={onSubmit}
            primary={count > 0 ? "none" : "submit"}
          />
        )}
      </Group>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={t("attendance.rest.title", { count })}>
        <Text size="sm">{t("attendance.rest.question")}</Text>
        <Group justify="flex-end" mt="lg" gap="sm">
          <Button variant="default" onClick={() => setAsking(false)}>
            {t("ui.cancel")}
          </Button>
          <Button data-autofocus onClick={fill}>
            {t("attendance.rest.do", { count })}
          </Button>
        </Group>
      </Modal>
    </div>
  );
}

/** What the server judged before the last taps reached it is not yet the truth. */
function waiting(submit: Move, words: string): Move {
  const missing = { code: "unsaved", label: words, detail: "", severity: "block" as const, where: null };
  return { ...submit, allowed: false, missing: [missing] };
}
