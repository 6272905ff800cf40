' RunPython for LibreOffice, in the user's own Basic library: what a workbook's macro does not find in the workbook
' is looked for here. The work is done in Python; this only waits, so that the window stays alive.

Private GoujiBusy As Boolean

Private Function GoujiCall(Provider As Object, Name As String, Arguments As Variant) As Variant
    Dim Url As String
    Url = "vnd.sun.star.script:gouji_shim.py$" & Name & "?language=Python&location=user"
    GoujiCall = Provider.getScript(Url).invoke(Arguments, Array(), Array())
End Function

Function RunPython(PythonCommand As String) As Variant
    Dim Factory As Object
    Dim Provider As Object
    Dim Job As Variant
    If GoujiBusy Then
        RunPython = -2
        Exit Function
    End If
    GoujiBusy = True
    On Error GoTo Failed
    Factory = CreateUnoService("com.sun.star.script.provider.MasterScriptProviderFactory")
    Provider = Factory.createScriptProvider("")
    Job = GoujiCall(Provider, "start", Array(PythonCommand, ThisComponent))
    ' Wait lets go of LibreOffice's lock, so that Python can reach the cells.
    Do While GoujiCall(Provider, "poll", Array(Job))
        Wait 20
    Loop
    RunPython = GoujiCall(Provider, "finish", Array(Job))
    GoujiBusy = False
    Exit Function
Failed:
    GoujiBusy = False
    MsgBox Error$, 16, "gouji"
End Function
