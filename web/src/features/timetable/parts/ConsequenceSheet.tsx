import { Button, Group, Loader, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconArrowRight, IconBell, IconBellOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem, type Missing, type Problem } from "../../../api/problem";
import { useLabel } from "../../../i18n/label";
import { useServerWords } from "../../../i18n/serverWords";
import { Bidi } from "../../../ui/Bidi";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { useFormat } from "../../../ui/format";
import type { Consequences } from "../queries";
import classes from "./ConsequenceSheet.module.css";
import { inShort } from "./grouped";
import { MissingSummary } from "./MissingSummary";

export type Preview = { consequences: Consequences | null; missing: Missing[]; warnings: Missing[] };

type Props = {
  title: string;
  confirmLabel: string;
  isDestructive?: boolean;
  needsReason: boolean;
  /** The preview's place in the query cache; it changes whenever the request would. */
  previewKey: unknown[];
  preview: () => Promise<Preview>;
  /** Carries it out; a refusal is a thrown Problem and stays in the sheet. */
  onConfirm: (reason: string | undefined) => Promise<unknown>;
  onClose: () => void;
};

type Line = Consequences["sessions"][number];

const SHORTEST = 5;
const LONGEST = 500;
const ACTIONS = ["created", "updated", "cancelled", "revived", "unchanged"] as const;

/** What will happen, to whom and who will be told: read before anybody is told. */
export function ConsequenceSheet(props: Props) {
  const { title, confirmLabel, needsReason, preview, onConfirm, onClose } = props;
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [isAsked, setAsked] = useState(false);
  const [isRunning, setRunning] = useState(false);
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["timetable", "preview", ...props.previewKey],
    queryFn: preview,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const length = reason.trim().length;
  const isReasonBad = needsReason && (length < SHORTEST || length > LONGEST);
  const words = useServerWords();
  const faulty = refusal?.errors.find((each) => each.pointer === "/reason");
  const fault = faulty && words(faulty.code, faulty.detail);
  const blocking = (data?.missing ?? []).filter((each) => each.severity === "block");

  const confirm = async () => {
    setAsked(true);
    if (isReasonBad || isRunning) return;
    setRunning(true);
    setRefusal(null);
    try {
      await onConfirm(needsReason ? reason.trim() : undefined);
      onClose();
    } catch (thrown) {
      setRefusal(asProblem(thrown));
    } finally {
      setRunning(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={title} size="xl">
      <Stack gap="md">
        {isPending && (
          <Group gap="sm" role="status">
            <Loader size="sm" />
            <Text size="sm">{t("timetable.sheet.working")}</Text>
          </Group>
        )}
        {error && (
          <ErrorPanel error={inShort(asProblem(error))} onRetry={() => void refetch()} onLeave={onClose} />
        )}
        {refusal && !fault && <ErrorPanel error={inShort(refusal)} onLeave={onClose} />}
        {blocking.length > 0 && (
          <MissingSummary title={t("timetable.sheet.blocked")} items={blocking} onLeave={onClose} />
        )}
        {data?.consequences && <Summary consequences={data.consequences} />}
        {data && data.warnings.length > 0 && (
          <MissingSummary title={t("ui.moves.warnings")} items={data.warnings} onLeave={onClose} />
        )}
        {data?.consequences && <Sessions lines={data.consequences.sessions} />}
        {needsReason && (
          <Textarea
            data-autofocus
            required
            label={t("ui.moves.reason")}
            description={t("timetable.sheet.reasonHint")}
            maxLength={LONGEST}
            value={reason}
            error={fault ?? (isAsked && isReasonBad ? t("timetable.sheet.reasonShort") : null)}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("ui.cancel")}
          </Button>
          <Button
            color={props.isDestructive ? "madder" : undefined}
            loading={isRunning}
            disabled={!data || blocking.length > 0}
            onClick={() => void confirm()}
          >
            {refusal ? t("ui.retry") : confirmLabel}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Summary({ consequences }: { consequences: Consequences }) {
  const { t } = useTranslation();
  const { delta, persons_notified: told } = consequences;
  return (
    <div className={classes.summary}>
      <div className={classes.delta}>
        {ACTIONS.filter((action) => delta[action] > 0).map((action) => (
          <span key={action} className={classes.figure} data-action={action}>
            <b>{delta[action]}</b> {t(`timetable.sheet.delta.${action}`)}
          </span>
        ))}
        {ACTIONS.every((action) => delta[action] === 0) && <span>{t("timetable.sheet.nothing")}</span>}
      </div>
      <div className={classes.told}>
        {told > 0 ? <IconBell size={16} aria-hidden="true" /> : <IconBellOff size={16} aria-hidden="true" />}
        {told > 0 ? <Told count={told} people={consequences.persons} /> : t("timetable.sheet.nobodyTold")}
      </div>
    </div>
  );
}

/** How many are told; who they are, when asked. */
function Told({ count, people }: { count: number; people: Consequences["persons"] }) {
  const { t } = useTranslation();
  const words = t("timetable.sheet.told", { count });
  if (people.length === 0) return words;
  const unnamed = count - people.length;
  return (
    <details className={classes.persons}>
      <summary>{words}</summary>
      <ul>
        {people.map((person) => (
          <li key={person.id}>
            <Bidi>{person.name}</Bidi>
          </li>
        ))}
        {unnamed > 0 && <li>{t("timetable.conflicts.more", { count: unnamed })}</li>}
      </ul>
    </details>
  );
}

function Sessions({ lines }: { lines: Line[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const concerned = lines.filter((line) => line.action !== "unchanged");
  if (concerned.length === 0) return null;
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <caption className="visually-hidden">{t("timetable.sheet.sessions")}</caption>
        <tbody>
          {concerned.map((line) => (
            <tr key={`${line.action}-${line.session ?? ""}-${line.cell ?? ""}-${line.starts_at}`}>
              <td>
                <span className={classes.action} data-action={line.action}>
                  {label("timetable.sheet.action", line.action)}
                </span>
              </td>
              <td className={classes.when}>
                {format.shortDay(line.date)}{" "}
                <bdi dir="ltr">
                  {format.time(line.starts_at)}–{format.time(line.ends_at)}
                </bdi>
              </td>
              <td>
                <strong>
                  <Bidi>{line.title}</Bidi>
                </strong>
                <div className={classes.people}>
                  <Bidi>
                    {[line.room, line.teachers.filter(Boolean).join(", "), line.audience.join(", ")]
                      .filter(Boolean)
                      .join(" · ")}
                  </Bidi>
                </div>
                {line.changes.length > 0 && <Changes changes={line.changes} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const INSTANTS = ["starts_at", "ends_at"];

/** Changed fields, the old struck through, the new beside it. */
export function Changes({ changes }: { changes: Record<string, unknown>[] }) {
  const label = useLabel();
  const format = useFormat();
  const wordsOf = (field: string, value: unknown): string => {
    if (Array.isArray(value)) return value.map((each) => wordsOf(field, each)).join(", ") || "–";
    if (value === null || value === undefined || value === "") return "–";
    return INSTANTS.includes(field) ? format.time(String(value)) : String(value);
  };
  return (
    <div className={classes.changes}>
      {changes.map((change) => {
        const field = String(change.field);
        return (
          <div key={field}>
            {label("timetable.field", field)}:{" "}
            <s>
              <Bidi>{wordsOf(field, change.old)}</Bidi>
            </s>{" "}
            <IconArrowRight size={12} aria-hidden="true" className={classes.arrow} />{" "}
            <b>
              <Bidi>{wordsOf(field, change.new)}</Bidi>
            </b>
          </div>
        );
      })}
    </div>
  );
}
