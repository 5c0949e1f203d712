import { Button, Group, Modal, Popover, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLock } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Move, MoveRequest } from "../api/moves";
import { asProblem, type Problem } from "../api/problem";
import { useMissingWords, useServerWords } from "../i18n/serverWords";
import { ErrorPanel } from "./ErrorPanel";
import { MissingList } from "./MissingList";
import classes from "./MoveButtons.module.css";
import { useMoveName } from "./useMoveName";

type Props = {
  moves: Move[];
  /** Performs the move; a refusal is a thrown Problem. `useMove(...).mutateAsync` fits. */
  onMove: (request: MoveRequest) => Promise<unknown>;
  /** The move drawn as the main one; by default the first that is open. */
  primary?: string;
};

/** The moves of a workflow object. A closed one stays reachable and says what is missing. */
export function MoveButtons({ moves, onMove, primary }: Props) {
  const { t } = useTranslation();
  const nameOf = useMoveName();
  const [asked, setAsked] = useState<Move | null>(null);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const [running, setRunning] = useState<string | null>(null);
  const main = primary ?? moves.find((move) => move.allowed)?.name;

  const perform = async (move: Move, reason?: string) => {
    if (running) return;
    setRunning(move.name);
    setRefusal(null);
    try {
      await onMove(reason ? { name: move.name, reason } : { name: move.name });
      setAsked(null);
    } catch (error) {
      setRefusal(asProblem(error));
      setAsked(move);
    } finally {
      setRunning(null);
    }
  };

  const start = (move: Move) => {
    setRefusal(null);
    if (move.needs_reason || move.warnings?.length) setAsked(move);
    else void perform(move);
  };

  const close = () => setAsked(null);
  return (
    <>
      <Group gap="xs" role="group" aria-label={t("ui.moves.label")}>
        {moves.map((move) =>
          move.allowed ? (
            <Button
              key={move.name}
              variant={move.name === main ? "filled" : "default"}
              loading={running === move.name}
              onClick={() => start(move)}
            >
              {nameOf(move)}
            </Button>
          ) : (
            <ClosedMove key={move.name} move={move} />
          ),
        )}
      </Group>
      {/* It stays mounted, or the focus would not return to the button. */}
      <Modal
        opened={asked !== null}
        onClose={close}
        closeOnClickOutside={!asked?.needs_reason}
        title={asked && nameOf(asked)}
      >
        {asked && (
          <Asked
            key={asked.name}
            move={asked}
            refusal={refusal}
            isRunning={running !== null}
            onConfirm={(reason) => void perform(asked, reason)}
            onClose={close}
          />
        )}
      </Modal>
    </>
  );
}

function ClosedMove({ move }: { move: Move }) {
  const { t } = useTranslation();
  const nameOf = useMoveName();
  const wordsOf = useMissingWords();
  const [opened, { open, close, toggle }] = useDisclosure(false);
  const reasons = useId();
  return (
    <>
      <Popover
        opened={opened}
        onChange={(next) => !next && close()}
        width={320}
        position="bottom-start"
        shadow="md"
      >
        <Popover.Target>
          <Button
            variant="default"
            className={classes.closed}
            aria-disabled="true"
            aria-describedby={reasons}
            leftSection={<IconLock size={14} aria-hidden="true" />}
            onClick={toggle}
            onFocus={open}
            onBlur={close}
            onMouseEnter={open}
            onMouseLeave={close}
          >
            {nameOf(move)}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Text size="sm" fw={600} mb={6}>
            {t("ui.moves.notYet")}
          </Text>
          {move.missing.length > 0 ? (
            <MissingList items={move.missing} />
          ) : (
            <Text size="sm">{t("ui.moves.noReasonGiven")}</Text>
          )}
        </Popover.Dropdown>
      </Popover>
      <span id={reasons} className="visually-hidden">
        {[
          t("ui.moves.notYet"),
          ...move.missing.map(wordsOf).map(({ label, detail }) => [label, detail].filter(Boolean).join(": ")),
        ].join(". ")}
      </span>
    </>
  );
}

/** What the API calls the reason of a move. */
const REASONS = new Set(["/reason", "/comment"]);

type DialogProps = {
  move: Move;
  refusal: Problem | null;
  isRunning: boolean;
  onConfirm: (reason?: string) => void;
  onClose: () => void;
};

function Asked({ move, refusal, isRunning, onConfirm, onClose }: DialogProps) {
  const { t } = useTranslation();
  const nameOf = useMoveName();
  const [reason, setReason] = useState("");
  const [isReasonMissing, setReasonMissing] = useState(false);
  const words = useServerWords();
  const faulty = refusal?.errors.find(({ pointer }) => REASONS.has(pointer));
  const fault = faulty && words(faulty.code, faulty.detail);
  const confirm = () => {
    const given = reason.trim();
    setReasonMissing(Boolean(move.needs_reason) && given === "");
    if (!move.needs_reason || given) onConfirm(given || undefined);
  };
  return (
    <Stack gap="md">
      {refusal && !fault && <ErrorPanel error={refusal} onLeave={onClose} />}
      {Boolean(move.warnings?.length) && (
        <div>
          <Text size="sm" fw={600} mb={6}>
            {t("ui.moves.warnings")}
          </Text>
          <MissingList items={move.warnings ?? []} onLeave={onClose} />
        </div>
      )}
      {move.needs_reason && (
        <Textarea
          data-autofocus
          label={t("ui.moves.reason")}
          description={t("ui.moves.reasonHint")}
          required
          value={reason}
          error={fault ?? (isReasonMissing ? t("ui.moves.reasonNeeded") : null)}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {/* Not "Cancel", which is the name of a move. */}
          {t("ui.moves.back")}
        </Button>
        <Button loading={isRunning} onClick={confirm}>
          {refusal ? t("ui.retry") : nameOf(move)}
        </Button>
      </Group>
    </Stack>
  );
}
