import { Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { FormShell } from "../../../ui/FormShell";
import { NOTHING_BUSY } from "../grid/availability";
import { PickOne } from "../parts/Picker";
import { useRooms, useTeachers } from "../parts/useOptions";
import { type SessionRecord, sessionUrl } from "../queries";

export type Replacement = "substitute" | "relocate";

export function isReplacement(name: string | null): name is Replacement {
  return name === "substitute" || name === "relocate";
}

const SHORTEST = 5;
const LONGEST = 500;
const noWords = () => "";

type Values = { to: number | null; reason: string };
type Props = { session: SessionRecord; what: Replacement; onDone: () => unknown };

/** Another teacher or another room for one session; who is free at its time stands first. */
export function ReplaceForm({ session, what, onDone }: Props) {
  const { t } = useTranslation();
  const isRoom = what === "relocate";
  const form = useForm<Values>({
    initialValues: { to: null, reason: "" },
    validate: {
      to: (value) => (value === null ? t("timetable.session.chooseFirst") : null),
      reason: (value) => {
        const { length } = value.trim();
        return length < SHORTEST || length > LONGEST ? t("timetable.sheet.reasonShort") : null;
      },
    },
  });
  const slot = { starts_at: session.starts_at, ends_at: session.ends_at, without: session.id };
  const asked = { slot, chosen: "", busy: NOTHING_BUSY, wordsOf: noWords };
  const rooms = useRooms({ ...asked, seats: (count) => t("timetable.pick.seats", { count }) });
  const teachers = useTeachers(asked);
  const source = isRoom ? rooms : teachers;
  const present = isRoom ? session.room : session.faculty;
  return (
    <FormShell
      form={form}
      guard={false}
      submitLabel={isRoom ? t("timetable.session.relocate") : t("timetable.session.substitute")}
      pointers={{ "/faculty": "to", "/room": "to" }}
      onSubmit={({ to, reason }, { idempotencyKey }) =>
        writeJson(
          "POST",
          `${sessionUrl(session.id)}moves/${what}/`,
          { [isRoom ? "room" : "faculty"]: to, reason: reason.trim() },
          { ifMatch: session.version, idempotencyKey },
        )
      }
      onDone={onDone}
    >
      <PickOne
        {...source}
        options={source.options.filter((option) => option.id !== present)}
        label={isRoom ? t("timetable.editor.room") : t("timetable.editor.teacher")}
        size="sm"
        required
        data-path="to"
        value={form.values.to}
        chosenLabel=""
        fault={form.errors.to ? String(form.errors.to) : undefined}
        onChange={(id) => form.setFieldValue("to", id)}
      />
      <Textarea
        required
        dir="auto"
        label={t("ui.moves.reason")}
        description={t("timetable.sheet.reasonHint")}
        maxLength={LONGEST}
        {...form.getInputProps("reason")}
      />
    </FormShell>
  );
}
