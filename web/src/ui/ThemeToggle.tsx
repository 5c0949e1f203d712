import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";

type Scheme = "light" | "dark" | "auto";

export function ThemeToggle() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const options: { value: Scheme; label: string }[] = [
    { value: "light", label: t("ui.theme.light") },
    { value: "dark", label: t("ui.theme.dark") },
    { value: "auto", label: t("ui.theme.auto") },
  ];
  return (
    <SegmentedControl
      fullWidth
      size="xs"
      aria-label={t("ui.theme.label")}
      value={colorScheme}
      data={options}
      onChange={(value) => setColorScheme(options.find((option) => option.value === value)?.value ?? "auto")}
    />
  );
}
