import { Button, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../../../api/me";
import { asProblem } from "../../../api/problem";
import { writeJson } from "../../../api/transport";
import { readable, useLabel } from "../../../i18n/label";
import { useServerWords } from "../../../i18n/serverWords";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { Moment } from "../../../ui/Moment";
import { SETTINGS, type Setting, settingsQuery } from "../queries";
import { SettingControl } from "./SettingControl";
import classes from "./SettingRow.module.css";
import { useShownValue } from "./useShownValue";

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** One key: its control, its default, who reads it and who set it. Each is saved by itself. */
export function SettingRow({ setting, isReadOnly }: { setting: Setting; isReadOnly: boolean }) {
  const { t } = useTranslation();
  const label = useLabel();
  const shown = useShownValue();
  const queryClient = useQueryClient();
  const [value, setValue] = useState<unknown>(setting.value);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (wanted: unknown) =>
      writeJson("PUT", `${SETTINGS}${setting.key}/`, { value: wanted }, { ifMatch: setting.version }),
    // What was chosen stays; the next attempt goes out on the version that is there by then.
    onError: (refused) =>
      asProblem(refused).isStale && queryClient.invalidateQueries({ queryKey: settingsQuery.queryKey }),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: settingsQuery.queryKey }),
        // The banner and the preselected period come with it.
        queryClient.invalidateQueries({ queryKey: meQuery.queryKey }),
      ]),
  });
  const title = label("administration.setting", setting.key);
  const told = label("administration.settingNote", setting.key);
  const note = told === readable(setting.key) ? setting.note : told;
  const isDirty = !isSame(value, setting.value);
  const change = (next: unknown) => {
    reset();
    setValue(next);
  };
  const words = useServerWords();
  const faulty = error ? asProblem(error).errors.find(({ pointer }) => pointer === "/value") : undefined;
  const fault = faulty && words(faulty.code, faulty.detail);
  return (
    <div className={classes.row} data-changed={isDirty || undefined}>
      <div className={classes.words}>
        <strong id={`setting-${setting.key}`}>{title === readable(setting.key) ? setting.key : title}</strong>
        <Text size="sm" c="dimmed">
          {note}
        </Text>
        <Text size="xs" c="dimmed">
          <Code>{setting.key}</Code>
          {" · "}
          {t("administration.settings.default", { value: shown(setting, setting.default) })}
          {setting.is_set && setting.updated_at && (
            <>
              {" · "}
              {t("administration.settings.setBy")} <Bidi>{setting.updated_by}</Bidi>{" "}
              <Moment at={setting.updated_at} />
            </>
          )}
        </Text>
      </div>
      <div className={classes.control}>
        <SettingControl
          setting={setting}
          value={value}
          onChange={change}
          isDisabled={isReadOnly || isPending}
          error={fault ?? null}
          labelledBy={`setting-${setting.key}`}
        />
        {error && !fault && <ErrorPanel error={error} />}
        {!isReadOnly && (isDirty || (setting.is_set && !isSame(setting.value, setting.default))) && (
          <div className={classes.acts}>
            {isDirty ? (
              <>
                <Button size="compact-sm" loading={isPending} onClick={() => mutate(value)}>
                  {t("ui.save")}
                </Button>
                <Button size="compact-sm" variant="subtle" onClick={() => change(setting.value)}>
                  {t("ui.cancel")}
                </Button>
              </>
            ) : (
              <Button
                size="compact-sm"
                variant="subtle"
                loading={isPending}
                onClick={() => mutate(setting.default)}
              >
                {t("administration.settings.useDefault")}
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
