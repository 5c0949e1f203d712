import { Select, Switch, TextInput } from "@mantine/core";
import { isNotEmpty, useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useTranslation } from "react-i18next";
import { client, guards, ok } from "../../../api/client";
import type { Body } from "../../../api/types";
import { isolated, leftToRight } from "../../../i18n/isolated";
import { FieldGrid } from "../../../ui/FieldGrid";
import { FormShell } from "../../../ui/FormShell";
import { Notice } from "../../../ui/Notice";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { ModeMatrix } from "../parts/ModeMatrix";
import { PREFERENCES, type Preferences, USUAL } from "../queries";

export type Values = {
  /** How each family comes, by `family.channel`. */
  modes: Record<string, Record<string, string>>;
  isQuiet: boolean;
  quiet_from: string;
  quiet_until: string;
  zone: string;
};
type Change = NonNullable<Body<typeof PREFERENCES, "patch">>;

const MINUTES = "22:00".length;
const EVENING = "22:00";
const MORNING = "07:00";

function valuesOf({ families, quiet_from, quiet_until, zone }: Preferences): Values {
  return {
    modes: Object.fromEntries(
      families.map(({ family, channels }) => [
        family,
        Object.fromEntries(channels.map(({ channel, mode }) => [channel, mode ?? USUAL])),
      ]),
    ),
    isQuiet: quiet_from !== null,
    quiet_from: quiet_from?.slice(0, MINUTES) ?? EVENING,
    quiet_until: quiet_until?.slice(0, MINUTES) ?? MORNING,
    zone,
  };
}

/** Only what differs is said, so that what another device chose meanwhile stays. */
function changeOf(values: Values, loaded: Values): Change {
  const choices = Object.entries(values.modes).flatMap(([family, channels]) =>
    Object.entries(channels)
      .filter(([channel, mode]) => loaded.modes[family]?.[channel] !== mode)
      .map(([channel, mode]) => ({ family, channel, mode: mode === USUAL ? null : mode })),
  );
  const hours = ({ isQuiet, quiet_from, quiet_until }: Values) =>
    isQuiet ? { quiet_from, quiet_until } : { quiet_from: null, quiet_until: null };
  const isSame = JSON.stringify(hours(values)) === JSON.stringify(hours(loaded));
  return {
    choices,
    ...(isSame ? {} : hours(values)),
    ...(values.zone === loaded.zone ? {} : { zone: values.zone }),
  } as Change;
}

/** How each family of messages comes, and when no mail comes at all. */
export function PreferencesForm({ preferences }: { preferences: Preferences }) {
  const { t } = useTranslation();
  const saved = useSaved(PREFERENCES);
  const loaded = valuesOf(preferences);
  const needed = isNotEmpty(t("notifications.preferences.needed"));
  const form = useForm<Values>({
    initialValues: loaded,
    validate: { quiet_from: needed, quiet_until: needed, zone: needed },
  });
  const { isQuiet } = form.values;
  return (
    <FormShell
      form={form}
      onReload={saved}
      onSubmit={(values) =>
        ok(
          client.PATCH(PREFERENCES, {
            body: changeOf(values, loaded),
            headers: guards({ version: preferences.version }),
          }),
        )
      }
      onDone={async () => {
        await saved();
        notifications.show({ message: t("notifications.preferences.saved"), color: "leaf" });
      }}
    >
      <Panel title={t("notifications.preferences.matrix")} flush>
        <ModeMatrix families={preferences.families} form={form} />
      </Panel>
      <Panel title={t("notifications.preferences.quiet")}>
        <Switch
          mb="md"
          label={t("notifications.preferences.isQuiet")}
          description={t("notifications.preferences.isQuietHint")}
          {...form.getInputProps("isQuiet", { type: "checkbox" })}
        />
        <FieldGrid>
          <TextInput
            type="time"
            dir="ltr"
            label={t("notifications.preferences.from")}
            disabled={!isQuiet}
            {...form.getInputProps("quiet_from")}
          />
          <TextInput
            type="time"
            dir="ltr"
            label={t("notifications.preferences.until")}
            disabled={!isQuiet}
            {...form.getInputProps("quiet_until")}
          />
          <Select
            label={t("notifications.preferences.zone")}
            description={t("notifications.preferences.zoneHint")}
            dir="ltr"
            searchable
            allowDeselect={false}
            data={zones(preferences.zone)}
            {...form.getInputProps("zone")}
          />
        </FieldGrid>
        <div style={{ marginBlockStart: "1rem" }}>
          <Notice role="status">{useWords(form.values)}</Notice>
        </div>
      </Panel>
    </FormShell>
  );
}

const zones = (present: string) => [...new Set([present, ...Intl.supportedValuesOf("timeZone")])];

/** What the quiet hours will do, in a sentence. */
function useWords({ isQuiet, quiet_from, quiet_until, zone }: Values): string {
  const { t } = useTranslation();
  if (!isQuiet) return t("notifications.preferences.words.none");
  if (!quiet_from || !quiet_until) return t("notifications.preferences.words.open");
  const named = { from: leftToRight(quiet_from), until: leftToRight(quiet_until), zone: isolated(zone) };
  return quiet_from === quiet_until
    ? t("notifications.preferences.words.same", named)
    : t("notifications.preferences.words.waits", named);
}
