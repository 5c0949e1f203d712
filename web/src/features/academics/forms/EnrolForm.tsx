import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { missingFrom } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { readable, useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { AnchorLink } from "../../../ui/links";
import { MissingList } from "../../../ui/MissingList";
import { Notice } from "../../../ui/Notice";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { type Bulk, ENROLLMENTS, SECTIONS, type Section } from "../queries";
import { AT_ONCE, inParts, parseRegNos } from "../regNos";

type Line = Bulk["lines"][number];
const ENROLLED = "enrolled";

/** Many students at once, pasted as registration numbers; each line tells what became of it. */
export function EnrolForm({ section }: { section: Section }) {
  const { t } = useTranslation();
  const saved = useSaved(ENROLLMENTS, SECTIONS);
  const [text, setText] = useState("");
  const pasted = parseRegNos(text);
  const { mutate, data, isPending, error, reset } = useMutation({
    mutationFn: async (regNos: string[]) => {
      const lines: Line[] = [];
      // Seats are given in the order of the list, so the parts follow one another.
      for (const reg_nos of inParts(regNos, AT_ONCE)) {
        const part = await writeJson<Bulk>("POST", `${ENROLLMENTS}bulk/`, { section: section.id, reg_nos });
        lines.push(...part.lines);
      }
      return lines;
    },
    onSettled: saved,
  });
  if (data) {
    const refused = data.filter(({ outcome }) => outcome !== ENROLLED);
    return (
      <Outcomes
        lines={data}
        onAgain={() => {
          reset();
          setText(refused.map(({ reg_no }) => reg_no).join("\n"));
        }}
      />
    );
  }
  const free = Math.max(0, section.capacity - section.enrolled_count);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t("academics.enrol.intro")}
      </Text>
      {error && <ErrorPanel error={error} />}
      <Textarea
        label={t("academics.enrol.paste")}
        placeholder={"2026-MBBS-001\n2026-MBBS-002"}
        dir="ltr"
        minRows={8}
        maxRows={16}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {(pasted.repeated.length > 0 || pasted.tooLong.length > 0) && (
        <Notice tone="wait">
          {pasted.repeated.length > 0 && (
            <div>
              {t("academics.enrol.repeated", { count: pasted.repeated.length })}{" "}
              <Bidi>{pasted.repeated.slice(0, 8).join(", ")}</Bidi>
            </div>
          )}
          {pasted.tooLong.length > 0 && (
            <div>
              {t("academics.enrol.tooLong", { count: pasted.tooLong.length })}{" "}
              <Bidi>{pasted.tooLong.map((each) => each.slice(0, 40)).join(", ")}</Bidi>
            </div>
          )}
        </Notice>
      )}
      <Group justify="space-between">
        <Text size="sm" c={pasted.regNos.length > free ? "madder" : "dimmed"} aria-live="polite">
          {t("academics.enrol.counted", { count: pasted.regNos.length, free })}
        </Text>
        <Button
          disabled={pasted.regNos.length === 0}
          loading={isPending}
          onClick={() => mutate(pasted.regNos)}
        >
          {t("academics.enrol.submit", { count: pasted.regNos.length })}
        </Button>
      </Group>
    </Stack>
  );
}

/** Refusals first, then seats that were given with a warning. */
function rank(line: Line): number {
  return line.outcome === ENROLLED ? 2 - Math.min(1, line.warnings.length) : 0;
}

function Outcomes({ lines, onAgain }: { lines: Line[]; onAgain: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const enrolled = lines.filter(({ outcome }) => outcome === ENROLLED).length;
  const refused = lines.length - enrolled;
  const warned = lines.some(({ warnings }) => warnings.length > 0);
  return (
    <Stack gap="md">
      <Notice tone={refused > 0 || warned ? "wait" : "good"} role="status">
        {t("academics.enrol.result", { enrolled, refused })}
      </Notice>
      <SmallTable
        caption={t("academics.enrol.outcomes")}
        rows={[...lines].sort((a, b) => rank(a) - rank(b))}
        rowId={(line) => `${line.position}${line.reg_no}`}
        empty={t("academics.enrol.empty")}
        columns={[
          {
            id: "reg_no",
            header: t("academics.enrol.regNo"),
            cell: (line) =>
              line.student === null ? (
                <Code>{line.reg_no}</Code>
              ) : (
                <AnchorLink to="/academics/students/$id" params={{ id: String(line.student) }}>
                  <Code>{line.reg_no}</Code>
                </AnchorLink>
              ),
          },
          {
            id: "outcome",
            header: t("academics.enrol.outcome"),
            cell: (line) => (
              <StatusBadge
                status={line.outcome === ENROLLED ? "succeeded" : "rejected"}
                label={label("academics.outcome", line.outcome.toLowerCase())}
              />
            ),
          },
          {
            id: "detail",
            header: "",
            cell: (line) => {
              if (line.warnings.length > 0) return <MissingList items={line.warnings.map(missingFrom)} />;
              // The server's own words only for a refusal that has none here.
              const known = label("academics.outcome", line.outcome.toLowerCase());
              return known === readable(line.outcome.toLowerCase()) && <Bidi>{line.detail}</Bidi>;
            },
          },
        ]}
      />
      {refused > 0 && (
        <Group justify="flex-end">
          <Button variant="default" onClick={onAgain}>
            {t("academics.enrol.again")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
