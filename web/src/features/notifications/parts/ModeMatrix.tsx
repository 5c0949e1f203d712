import { NativeSelect, Table } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import type { Values } from "../forms/PreferencesForm";
import { type Channel, MODES, type Preferences, USUAL } from "../queries";
import classes from "./ModeMatrix.module.css";

const CHANNELS = ["in_app", "email"] as const;

type Props = { families: Preferences["families"]; form: UseFormReturnType<Values> };

/** Families in rows, channels in columns; what may not be chosen stands there with the reason. */
export function ModeMatrix({ families, form }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Table className={classes.matrix}>
      <caption className="visually-hidden">{t("notifications.preferences.matrix")}</caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t("notifications.columns.family")}</Table.Th>
          {CHANNELS.map((channel) => (
            <Table.Th key={channel} scope="col">
              {label("notifications.channel", channel)}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {families.map(({ family, channels }) => (
          <Table.Tr key={family}>
            <Table.Th scope="row" className={classes.family}>
              {label("notifications.family", family)}
              <small>{label("notifications.familyHint", family)}</small>
            </Table.Th>
            {channels.map((channel) => (
              <Table.Td key={channel.channel} data-label={label("notifications.channel", channel.channel)}>
                <ModeSelect
                  name={`${label("notifications.family", family)}: ${label("notifications.channel", channel.channel)}`}
                  channel={channel}
                  {...form.getInputProps(`modes.${family}.${channel.channel}`)}
                />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

type SelectProps = { name: string; channel: Channel; value?: string; onChange?: (value: unknown) => void };

function ModeSelect({ name, channel, ...field }: SelectProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const options = MODES.map((mode) => {
    const words = label("notifications.mode", mode);
    if (channel.modes.includes(mode)) return { value: mode, label: words };
    const why =
      mode === "off" ? t("notifications.preferences.always") : t("notifications.preferences.mailOnly");
    return { value: mode, label: `${words} – ${why}`, disabled: true };
  });
  return (
    <NativeSelect
      aria-label={name}
      data={[{ value: USUAL, label: t("notifications.preferences.usual") }, ...options]}
      {...field}
    />
  );
}
